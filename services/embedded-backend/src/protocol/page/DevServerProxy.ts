import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { replyText } from '../http/reply'

/** Passes the page's requests, and its hot-reload WebSocket, on to a development server on this machine. */
export class DevServerProxy {
  private readonly target: URL

  constructor(devServer: string) {
    this.target = new URL(devServer)
  }

  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    const { method, url } = request
    const headers = { ...request.headers, host: this.target.host }
    const outgoing = httpRequest(new URL(url ?? '/', this.target), { method, headers }, (incoming) => {
      response.writeHead(incoming.statusCode ?? 502, incoming.headers)
      incoming.pipe(response)
    })
    outgoing.on('error', (error) => {
      if (response.headersSent) response.destroy()
      else replyText(response, 502, `The page's development server does not answer: ${error.message}\n`)
    })
    response.once('close', () => outgoing.destroy())
    request.pipe(outgoing)
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const port = Number(this.target.port || 80)
    const upstream = connect({ host: this.target.hostname, port }, () => {
      const headers = { ...request.headers, host: this.target.host }
      const lines = Object.entries(headers).flatMap(([name, value]) =>
        [value].flat().map((one) => `${name}: ${one}`),
      )
      upstream.write([`GET ${request.url ?? '/'} HTTP/1.1`, ...lines, '', ''].join('\r\n'))
      upstream.write(head)
      socket.pipe(upstream).pipe(socket)
    })
    const destroyBoth = () => {
      socket.destroy()
      upstream.destroy()
    }
    for (const end of [socket, upstream]) end.on('error', destroyBoth).once('close', destroyBoth)
  }
}
