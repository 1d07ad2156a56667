import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  headers: IncomingHttpHeaders
  body: string
}

/** A receiver of webhooks, on a port of its own. */
export class Receiver {
  readonly received: Received[] = []
  /** What it answers, in turn; 200 when there is nothing more. `silence`: nothing, until it is closed. */
  answers: (number | 'silence')[] = []

  private constructor(private readonly server: Server) {}

  static async open(): Promise<Receiver> {
    const server = createServer()
    const receiver = new Receiver(server)
    server.on('request', (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        receiver.received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() })
        const answer = receiver.answers.shift() ?? 200
        if (answer !== 'silence') response.writeHead(answer, { location: '/elsewhere' }).end('a secret')
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return receiver
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook`
  }

  /** Nobody is there any more. */
  async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }
}
