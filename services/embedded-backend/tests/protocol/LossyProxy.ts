import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A wire to the backend that a test can cut, or make lose what the backend answers. */
export class LossyProxy {
  private readonly sockets = new Set<Socket>()
  private losesAnswers = false

  private constructor(private readonly server: Server) {}

  static async to(port: number): Promise<LossyProxy> {
    const server = createServer()
    const proxy = new LossyProxy(server)
    server.on('connection', (client: Socket) => {
      const backend = connect(port, '127.0.0.1')
      client.pipe(backend)
      backend.on('data', (data) => {
        if (!proxy.losesAnswers) client.write(data)
      })
      for (const socket of [client, backend]) {
        proxy.sockets.add(socket)
        socket
          .on('error', () => undefined)
          .once('close', () => {
            proxy.sockets.delete(socket)
            client.destroy()
            backend.destroy()
          })
      }
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => {
      proxy.cut()
      server.close()
    })
    return proxy
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  loseAnswers(): void {
    this.losesAnswers = true
  }

  /** Drops all connections; new ones work again. */
  cut(): void {
    this.losesAnswers = false
    for (const socket of this.sockets) socket.destroy()
  }
}
