import type { IncomingMessage, RequestListener } from 'node:http'
import type { Logger } from 'pino'
import { toError } from '../../errors'
import type { Metrics } from './createMetrics'
import { healthDocument } from './healthDocument'
import { judgeReadiness } from './judgeReadiness'
import type { WorkerHealth } from './WorkerHealth'

interface Answer {
  status: number
  contentType: string
  body: string
}

/** The names by which this machine calls itself. A page that had another name point here (DNS rebinding) sends that one. */
const OWN_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i

/**
 * Answers `/healthz`, `/readyz` and `/metrics`. Refuses, with `{ code, message }`, foreign hosts (403 `ForeignHost`), other
 * methods than GET and HEAD (405 `MethodNotAllowed`) and other paths (404 `NotFound`). A fault of ours is a 500
 * `InternalError` and a line in the log.
 */
export function createAnswerer(health: () => WorkerHealth, logger: Logger): RequestListener {
  const metrics = createMetricsOnce(health)
  return (request, response) => {
    void answer(request, health, metrics)
      .catch((thrown: unknown) => {
        logger.error({ event: 'health.failed', path: request.url, err: toError(thrown) }, 'no answer')
        return refusal(500, 'InternalError', 'The worker could not answer; its log says why.')
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
  health: () => WorkerHealth,
  metrics: () => Promise<Metrics>,
): Promise<Answer> {
  if (!OWN_HOST.test(headers.host ?? '')) {
    return refusal(403, 'ForeignHost', 'Use the address 127.0.0.1 or the name localhost.')
  }
  if (method !== 'GET' && method !== 'HEAD') {
    return refusal(405, 'MethodNotAllowed', 'Only GET and HEAD are answered here.')
  }
  const path = url.split('?', 1)[0] ?? ''
  switch (path) {
    case '/healthz':
      return json(200, healthDocument(health()))
    case '/readyz': {
      const readiness = judgeReadiness(health())
      return json(readiness.ready ? 200 : 503, readiness)
    }
    case '/metrics': {
      const { contentType, text } = await metrics()
      return { status: 200, contentType, body: await text() }
    }
    default:
      return refusal(404, 'NotFound', 'There are /healthz, /readyz and /metrics.')
  }
}

/** The library is loaded at the first request for metrics: a worker that nobody scrapes does not carry it. */
function createMetricsOnce(health: () => WorkerHealth): () => Promise<Metrics> {
  let metrics: Promise<Metrics> | undefined
  return () => (metrics ??= import('./createMetrics').then(({ createMetrics }) => createMetrics(health)))
}

function refusal(status: number, code: string, message: string): Answer {
  return json(status, { code, message })
}

function json(status: number, value: unknown): Answer {
  return { status, contentType: 'application/json; charset=utf-8', body: `${JSON.stringify(value)}\n` }
}
