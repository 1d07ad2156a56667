import { SECOND } from '@rollcall/backend/contract'

/**
 * `since` in ms of the page's monotonic clock (`performance.now()`).
 *
 *  connecting ──first contact──▶ live ──closed for GRACE, or silent for SILENCE──▶ lost ──answers──▶ live
 */
export type Connection =
  { kind: 'connecting'; since: number } | { kind: 'live' } | { kind: 'lost'; since: number }

/** A reconnect that is quicker than this is not worth a word. */
const GRACE = 1.5 * SECOND

/** After a loss, statuses are old until the server has answered again. A page that asks nothing is live without. */
const CATCHING_UP = 3 * SECOND

/** The server says something at least every 15 s; a socket that is silent for longer is dead, whatever it says. */
const SILENCE = 20 * SECOND

const CHECK_EVERY = SECOND / 4

type Socket =
  | { name: 'new'; since: number }
  | { name: 'open'; since: number; heard: Moment; isAnswered: boolean }
  | { name: 'closed'; since: number }

/**
 * In some browsers the monotonic clock stands still while the computer sleeps; the viewer's clock does not, but it may be
 * set. Whichever shows more time is believed: to doubt a live connection until the next message costs less than to trust
 * a dead one.
 */
interface Moment {
  monotonic: number
  wall: number
}

/** Watches the client's WebSocket: tells whether what the page shows is live. */
export class ConnectionWatch {
  private socket: Socket = { name: 'new', since: performance.now() }
  private connection: Connection = { kind: 'connecting', since: performance.now() }
  private readonly listeners = new Set<() => void>()
  private timer: ReturnType<typeof setInterval> | undefined

  /** Before anything was shown, an open socket is enough. */
  readonly opened = (): void => {
    if (this.socket.name === 'new') this.heard()
  }

  readonly heard = (): void => {
    const heard = moment()
    this.socket =
      this.socket.name === 'open'
        ? { ...this.socket, heard }
        : { name: 'open', since: heard.monotonic, heard, isAnswered: false }
    this.check()
  }

  /** The server has answered on the present socket what the page asks: its statuses are of now. */
  readonly answered = (): void => {
    if (this.socket.name === 'open') this.socket = { ...this.socket, isAnswered: true }
    this.check()
  }

  readonly closed = (): void => {
    if (this.socket.name === 'open') this.socket = { name: 'closed', since: performance.now() }
    this.check()
  }

  readonly current = (): Connection => this.connection

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    this.timer ??= setInterval(this.check, CHECK_EVERY)
    return () => {
      this.listeners.delete(listener)
      if (this.listeners.size > 0) return
      clearInterval(this.timer)
      this.timer = undefined
    }
  }

  private readonly check = (): void => {
    const next = connectionOf(this.socket, this.connection, moment())
    if (next.kind === this.connection.kind) return
    this.connection = next
    for (const listener of this.listeners) listener()
  }
}

function moment(): Moment {
  return { monotonic: performance.now(), wall: Date.now() }
}

function elapsed(from: Moment, to: Moment): number {
  return Math.max(to.monotonic - from.monotonic, to.wall - from.wall)
}

function connectionOf(socket: Socket, connection: Connection, now: Moment): Connection {
  switch (socket.name) {
    case 'new':
      return { kind: 'connecting', since: socket.since }
    case 'open': {
      if (elapsed(socket.heard, now) > SILENCE) return { kind: 'lost', since: socket.heard.monotonic }
      const isCatchingUp = !socket.isAnswered && now.monotonic - socket.since < CATCHING_UP
      return connection.kind === 'lost' && isCatchingUp ? connection : { kind: 'live' }
    }
    case 'closed':
      return now.monotonic - socket.since > GRACE ? { kind: 'lost', since: socket.since } : { kind: 'live' }
    default:
      return socket satisfies never
  }
}
