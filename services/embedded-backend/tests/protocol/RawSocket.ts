import { once } from 'node:events'
import { onTestFinished, vi } from 'vitest'
import { WebSocket } from 'ws'

interface Message {
  type: string
  [field: string]: unknown
}

/** Speaks the sync protocol by hand, and keeps all that the server says. */
export class RawSocket {
  readonly received: Message[] = []
  closedWith: { code: number; reason: string } | null = null

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer) => void this.received.push(JSON.parse(data.toString()) as Message))
    socket.once('close', (code, reason) => void (this.closedWith = { code, reason: reason.toString() }))
    socket.on('error', () => undefined)
  }

  static async open(url: string): Promise<RawSocket> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/1.48.0/sync`)
    const raw = new RawSocket(socket)
    onTestFinished(() => socket.terminate())
    await once(socket, 'open')
    return raw
  }

  /** Opened and past `Connect`. */
  static async connect(url: string, sessionId = 'session'): Promise<RawSocket> {
    const raw = await RawSocket.open(url)
    raw.say({ type: 'Connect', sessionId, connectionCount: 0, lastCloseReason: null, clientTs: Date.now() })
    return raw
  }

  say(message: object): void {
    this.socket.send(JSON.stringify(message))
  }

  subscribe(
    baseVersion: number,
    queries: { queryId: number; udfPath: string; args?: object; journal?: unknown }[],
  ) {
    const modifications = queries.map(({ args, ...query }) => ({ type: 'Add', args: [args ?? {}], ...query }))
    this.say({ type: 'ModifyQuerySet', baseVersion, newVersion: baseVersion + 1, modifications })
  }

  mutate(requestId: number, udfPath: string, args: object) {
    this.say({ type: 'Mutation', requestId, udfPath, args: [args] })
  }

  of(type: string): Message[] {
    return this.received.filter((message) => message.type === type)
  }

  /** Resolves with all messages of `type` when there are `count`. */
  async until(type: string, count = 1): Promise<Message[]> {
    await vi.waitFor(() => {
      if (this.of(type).length < count) throw new Error(`got only ${JSON.stringify(this.received)}`)
    }, 5_000)
    return this.of(type)
  }

  async untilClosed(): Promise<{ code: number; reason: string }> {
    return vi.waitFor(() => {
      if (!this.closedWith) throw new Error('still open')
      return this.closedWith
    }, 5_000)
  }
}

interface Transition {
  startVersion: object
  endVersion: { ts: string; querySet: number; identity: number }
  modifications: { type: string; queryId: number; value?: unknown; journal?: unknown }[]
}

export function transitions(raw: RawSocket): Transition[] {
  return raw.of('Transition') as unknown as Transition[]
}
