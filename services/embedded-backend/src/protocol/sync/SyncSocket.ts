import type { WebSocket } from 'ws'
import type { ServerMessage } from './serverMessage'

/** The client takes a server that says nothing for 60 s for dead. */
const PING_AFTER_SILENCE_MS = 15_000
/** More than that unread, and the reader is given up: it gets everything anew when it reconnects. */
const MAX_BUFFERED_BYTES = 64 * 1024 * 1024

/** One client's WebSocket: messages as JSON, kept alive by pings, closed when its reader is too slow. */
export class SyncSocket {
  private readonly pinging: NodeJS.Timeout

  constructor(private readonly socket: WebSocket) {
    this.pinging = setInterval(() => void this.send({ type: 'Ping' }), PING_AFTER_SILENCE_MS)
    socket.once('close', () => clearInterval(this.pinging))
  }

  /** Resolves when the message left the process, or will never; a sender that waits for that never fills the memory. */
  send(message: ServerMessage): Promise<void> {
    const { socket } = this
    if (socket.readyState !== socket.OPEN) return Promise.resolve()
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      socket.terminate()
      return Promise.resolve()
    }
    this.pinging.refresh()
    return new Promise((resolve) => socket.send(JSON.stringify(message), () => resolve()))
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
}
