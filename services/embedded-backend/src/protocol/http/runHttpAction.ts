import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { Caller, Engine } from '../../engine/types'

/** HTTP actions answer below this path. */
export const HTTP_ACTION_PREFIX = '/http'

/** Has the functions' own router answer; `origin` is what the request's URL begins with. */
export async function runHttpAction(
  engine: Engine,
  origin: string,
  request: IncomingMessage,
  response: ServerResponse,
  caller: Caller,
): Promise<void> {
  const answer = await engine.http(toWebRequest(origin, request), caller)
  const headers: [string, string][] = [...answer.headers].filter(([name]) => name !== 'set-cookie')
  for (const [name, value] of headers) response.setHeader(name, value)
  const cookies = answer.headers.getSetCookie()
  if (cookies.length > 0) response.setHeader('Set-Cookie', cookies)
  response.statusCode = answer.status
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  if (request.method !== 'HEAD' && answer.body) {
    for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
      if (gone.signal.aborted) return
      if (!response.write(chunk))
        await once(response, 'drain', { signal: gone.signal }).catch(() => undefined)
    }
  }
  response.end()
}

function toWebRequest(origin: string, request: IncomingMessage): Request {
  const path = (request.url ?? '/').slice(HTTP_ACTION_PREFIX.length)
  const url = new URL(path.startsWith('/') ? path : `/${path}`, origin)
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) headers.append(name, one)
  }
  const method = request.method ?? 'GET'
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers })
  const body = Readable.toWeb(request) as ReadableStream<Uint8Array>
  return new Request(url, { method, headers, body, duplex: 'half' } as RequestInit)
}
