import type { IncomingMessage, ServerResponse } from 'node:http'
import sirv from 'sirv'
import { replyText } from '../http/reply'

export type PageHandler = (request: IncomingMessage, response: ServerResponse) => void

/** The page talks to its own origin, is shown in nobody's frame, and runs only the scripts it was built with. */
function securityHeaders(host: string): Record<string, string> {
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      "font-src 'self'",
      // Not every browser takes 'self' to mean this server's WebSocket, too.
      `connect-src 'self' ws://${host} wss://${host}`,
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join('; '),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
  }
}

/** Serves a built page. A path without a file gets `index.html` if a person asks for it, so that the page can route itself. */
export function pageFolder(folder: string): PageHandler {
  // `dev` looks at the files on each request: a page that is built again is there at once.
  const files = sirv(folder, {
    dev: true,
    etag: true,
    setHeaders: (response, path) => {
      const { host = '' } = response.req.headers
      for (const [name, value] of Object.entries(securityHeaders(host))) response.setHeader(name, value)
      const lasting = path.startsWith('/assets/')
      response.setHeader('Cache-Control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  return (request, response) => {
    const notFound = () => replyText(response, 404, 'Not found\n')
    files(request, response, () => {
      if (!request.headers.accept?.includes('text/html')) {
        notFound()
        return
      }
      request.url = '/'
      // sirv keeps what it parsed of the old address on the request.
      Reflect.deleteProperty(request, '_parsedUrl')
      files(request, response, notFound)
    })
  }
}
