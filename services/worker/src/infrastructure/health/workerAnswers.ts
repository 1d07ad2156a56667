import { json, type Answers } from './createAnswerer'
import type { Metrics } from './createMetrics'
import { healthDocument } from './healthDocument'
import { judgeReadiness } from './judgeReadiness'
import type { WorkerHealth } from './WorkerHealth'

/** The worker's health endpoint, on 127.0.0.1 at `ROLLCALL_HEALTH_PORT`. Without a password: it tells no secret. */
export function workerAnswers(health: () => WorkerHealth): Answers {
  const metrics = createMetricsOnce(health)
  return {
    /** 200 as long as the process lives, with its state, history, epoch, lease, shutdown, memory and opencode. */
    '/healthz': () => json(200, healthDocument(health())),
    /** 200 while it takes work, else 503 with `why` not. */
    '/readyz': () => {
      const readiness = judgeReadiness(health())
      return json(readiness.ready ? 200 : 503, readiness)
    },
    /** For Prometheus. */
    '/metrics': async () => {
      const { contentType, text } = await metrics()
      return { status: 200, contentType, body: await text() }
    },
  }
}

/** The library is loaded at the first request for metrics: a worker that nobody scrapes does not carry it. */
function createMetricsOnce(health: () => WorkerHealth): () => Promise<Metrics> {
  let metrics: Promise<Metrics> | undefined
  return () => (metrics ??= import('./createMetrics').then(({ createMetrics }) => createMetrics(health)))
}
