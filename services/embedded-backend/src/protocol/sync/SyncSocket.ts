import type { WebSocket } from 'ws'
import type { ServerMessage } from './serverMessage'

/** The client takes a server that says nothing for 60 s for dead. */
const PING_AFTER_SILENCE_MS = 15_000

export interface SocketLimits {
  /** More than that unread, and the reader is given up: it gets everything anew when it reconnects. */
  maxBufferedBytes: number
  /** How often the client is asked whether it is still there, by a WebSocket ping that clients answer by themselves. */
  askEveryMs: number
  /** After so many questions in a row without a word it is not: it is stuck, or gone without having said so. */
  maxUnanswered: number
}

/** Like a deployment, which gives up a client that it did not hear for 120 s (`CLIENT_TIMEOUT` in its `local_backend/src/subs`). */
const LIMITS: SocketLimits = { maxBufferedBytes: 64 * 1024 * 1024, askEveryMs: 15_000, maxUnanswered: 8 }

/** One client's WebSocket: messages as JSON, kept alive by pings, closed when its reader is too slow or gone. */
export class SyncSocket {
  private readonly pinging: NodeJS.Timeout
  private readonly asking: NodeJS.Timeout
  /** Counted, not measured: after this process was held up, what the client said meanwhile is heard before it is given up. */
  private unanswered = 0

  constructor(
    private readonly socket: WebSocket,
    private readonly limits: SocketLimits = LIMITS,
  ) {
    this.pinging = setInterval(() => void this.send({ type: 'Ping' }), PING_AFTER_SILENCE_MS)
    this.asking = setInterval(() => this.ask(), limits.askEveryMs)
    const heard = () => void (this.unanswered = 0)
    socket.on('message', heard)
    socket.on('pong', heard)
    socket.once('close', () => {
      clearInterval(this.pinging)
      clearInterval(this.asking)
    })
  }

  send(message: ServerMessage): Promise<void> {
    return this.sendText(JSON.stringify(message))
  }

  /** Resolves when the message left the process, or will never; a sender that waits for that never fills the memory. */
  sendText(message: string): Promise<void> {
    const { socket } = this
    if (socket.readyState !== socket.OPEN) return Promise.resolve()
    if (socket.bufferedAmount > this.limits.maxBufferedBytes) {
      socket.terminate()
      return Promise.resolve()
    }
    this.pinging.refresh()
    return new Promise((resolve) => socket.send(message, () => resolve()))
  }

  /** Closes after what was sent; a reader that does not answer is cut off by `ws` after 30 s. */
  close(code: number, reason: string): void {
    this.socket.close(code, reason)
  }

  terminate(): void {
    this.socket.terminate()
  }

  /** Lets the client's messages wait in its own buffers. */
  pause(): void {
    if (this.socket.readyState === this.socket.OPEN) this.socket.pause()
  }

  resume(): void {
    this.socket.resume()
  }

  private ask(): void {
    // What we do not read cannot answer.
    if (this.socket.isPaused) return
    if (this.unanswered >= this.limits.maxUnanswered) {
      this.socket.terminate()
      return
    }
    this.unanswered += 1
    this.socket.ping()
  }
}
