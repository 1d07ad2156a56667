import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  headers: IncomingHttpHeaders
  body: string
}

/** A receiver of webhooks, on a port of its own. */
export class Receiver {
  readonly received: Received[] = []
  /** What it answers, in turn, before what it always does. `silence`: nothing, until it is closed. */
  answers: (number | 'silence')[] = []

  private constructor(
    private readonly server: Server,
    private readonly status: number,
  ) {}

  static async open(status = 200): Promise<Receiver> {
    const server = createServer()
    const receiver = new Receiver(server, status)
    server.on('request', (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        receiver.received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() })
        const answer = receiver.answers.shift() ?? receiver.status
        if (answer !== 'silence') response.writeHead(answer, { location: '/elsewhere' }).end('a secret')
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return receiver
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  get url(): string {
    return `http://${this.host}/hook`
  }

  /** Nobody is there any more. */
  async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }
}
