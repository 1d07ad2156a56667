import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer, type RawData } from 'ws'

/** Passes the messages of WebSockets on, and cuts the first socket after a number of messages in both directions together. */
export class CuttingProxy {
  /** How many messages went over the first socket. */
  passed = 0
  sockets = 0

  private constructor(
    private readonly server: WebSocketServer,
    private readonly backend: string,
    private readonly cutAfter: number,
  ) {
    server.on('connection', (client, { url }) => this.pass(client, url ?? ''))
  }

  /** `cutAfter` 0 cuts before the first message; infinity never. */
  static async to(url: string, cutAfter: number): Promise<CuttingProxy> {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await once(server, 'listening')
    onTestFinished(() => {
      for (const client of server.clients) client.terminate()
      server.close()
    })
    return new CuttingProxy(server, url.replace('http', 'ws'), cutAfter)
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  private pass(client: WebSocket, path: string): void {
    const isFirst = this.sockets++ === 0
    const backend = new WebSocket(this.backend + path)
    const early: string[] = []
    const cut = () => {
      client.terminate()
      backend.terminate()
    }
    const forward = (to: WebSocket) => (data: RawData) => {
      if (isFirst && this.passed >= this.cutAfter) {
        cut()
        return
      }
      if (isFirst) this.passed++
      const text = (data as Buffer).toString()
      if (to.readyState === to.CONNECTING) early.push(text)
      else to.send(text)
    }
    client.on('message', forward(backend))
    backend.on('message', forward(client))
    backend.once('open', () => {
      for (const text of early) backend.send(text)
    })
    for (const socket of [client, backend]) socket.on('error', () => undefined).once('close', cut)
  }
}
