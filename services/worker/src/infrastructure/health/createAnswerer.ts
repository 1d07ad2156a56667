import type { IncomingMessage, RequestListener } from 'node:http'
import { toError } from '../../errors'
import type { SupervisorLogger } from '../../supervisor/SupervisorLogger'

export interface Answer {
  status: number
  contentType: string
  body: string
}

/** What is answered, by path. */
export type Answers = Readonly<Record<string, () => Answer | Promise<Answer>>>

/** The names by which this machine calls itself. A page that had another name point here (DNS rebinding) sends that one. */
const OWN_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i

/**
 * Gives `answers`. Refuses, with `{ code, message }`, foreign hosts (403 `ForeignHost`), other methods than GET and HEAD
 * (405 `MethodNotAllowed`) and other paths (404 `NotFound`). A fault of ours is a 500 `InternalError` and a line in the log.
 * Loads nothing but Node's own modules: a supervisor answers too.
 */
export function createAnswerer(answers: Answers, logger: Pick<SupervisorLogger, 'error'>): RequestListener {
  const known = new Map(Object.entries(answers))
  return (request, response) => {
    void answer(request, known)
      .catch((thrown: unknown) => {
        logger.error({ event: 'health.failed', path: request.url, err: toError(thrown) }, 'no answer')
        return refusal(500, 'InternalError', 'There is no answer; the log says why.')
      })
      .then(({ status, contentType, body }) => {
        response.writeHead(status, {
          'content-type': contentType,
          'content-length': Buffer.byteLength(body),
          'cache-control': 'no-store',
          ...(status === 405 && { allow: 'GET, HEAD' }),
        })
        response.end(body)
      })
  }
}

async function answer(
  { url = '/', method = 'GET', headers }: IncomingMessage,
  known: ReadonlyMap<string, Answers[string]>,
): Promise<Answer> {
  if (!OWN_HOST.test(headers.host ?? '')) {
    return refusal(403, 'ForeignHost', 'Use the address 127.0.0.1 or the name localhost.')
  }
  if (method !== 'GET' && method !== 'HEAD') {
    return refusal(405, 'MethodNotAllowed', 'Only GET and HEAD are answered here.')
  }
  const give = known.get(url.split('?', 1)[0] ?? '')
  return give ? await give() : refusal(404, 'NotFound', `There are: ${[...known.keys()].join(', ')}.`)
}

function refusal(status: number, code: string, message: string): Answer {
  return json(status, { code, message })
}

export function json(status: number, value: unknown): Answer {
  return { status, contentType: 'application/json; charset=utf-8', body: `${JSON.stringify(value)}\n` }
}
