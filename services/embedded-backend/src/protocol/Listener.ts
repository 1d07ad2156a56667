import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { EmbeddedBackendError } from '../errors'
import { isOwnHost } from './http/isOwnHost'
import { replyJson } from './http/reply'

export interface ConnectionHandler {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
}

/** How long requests that are being answered get when the server stops. */
const DRAIN_MS = 1_000

/**
 * The bound port. It is taken before the functions are loaded, since they may ask for their own address; what comes in
 * meanwhile waits for `serve`.
 */
export class Listener {
  private start: (handler: ConnectionHandler | null) => void = () => undefined
  private readonly handler = new Promise<ConnectionHandler | null>((resolve) => (this.start = resolve))
  private readonly server: Server

  private constructor(private readonly host: string) {
    this.server = createServer((request, response) => {
      if (!isOwnHost(request.headers.host, host)) {
        const message = 'This server answers only to the names of this computer.'
        replyJson(response, 403, { code: 'ForeignHost', message })
        return
      }
      void this.handler.then((handler) => {
        if (handler) void handler.handle(request, response)
        else response.destroy()
      })
    })
    this.server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => socket.destroy())
      if (!isOwnHost(request.headers.host, host)) {
        socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
        return
      }
      void this.handler.then((handler) => {
        if (handler) handler.upgrade(request, socket, head)
        else socket.destroy()
      })
    })
  }

  /** Throws EmbeddedBackendError: PORT_IN_USE, BAD_OPTION. */
  static async open(host: string, port: number): Promise<Listener> {
    const listener = new Listener(host)
    try {
      listener.server.listen({ host, port })
      await once(listener.server, 'listening')
      return listener
    } catch (error) {
      throw cannotListen(host, port, error)
    }
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  /** An address under which this computer reaches the server. */
  get url(): string {
    const everywhere = this.host === '0.0.0.0' || this.host === '::'
    const name = everywhere ? '127.0.0.1' : this.host
    return `http://${name.includes(':') ? `[${name}]` : name}:${this.port}`
  }

  serve(handler: ConnectionHandler): void {
    this.start(handler)
  }

  /** Takes no new connections, lets running requests end for a moment, and cuts what is left. Idempotent. */
  async close(): Promise<void> {
    this.start(null)
    if (!this.server.listening) return
    const closed = once(this.server, 'close')
    this.server.close()
    const impatience = setTimeout(() => this.server.closeAllConnections(), DRAIN_MS)
    await closed
    clearTimeout(impatience)
  }
}

function cannotListen(host: string, port: number, cause: unknown): EmbeddedBackendError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'EADDRINUSE') {
    const message = `Port ${port} on ${host} is in use. Stop what uses it, or choose another with --port or ROLLCALL_PORT.`
    return new EmbeddedBackendError('PORT_IN_USE', message, { cause })
  }
  const why = cause instanceof Error ? cause.message : String(cause)
  return new EmbeddedBackendError('BAD_OPTION', `Cannot listen on ${host}:${port}: ${why}`, { cause })
}
