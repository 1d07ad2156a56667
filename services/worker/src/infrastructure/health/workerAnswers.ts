import { json, type Answers } from './createAnswerer'
import type { Metrics } from './createMetrics'
import { healthDocument } from './healthDocument'
import { judgeReadiness } from './judgeReadiness'
import type { WorkerHealth } from './WorkerHealth'

/** What the worker's health endpoint answers: `/healthz`, `/readyz` (503 with the reason) and `/metrics` (Prometheus). */
export function workerAnswers(health: () => WorkerHealth): Answers {
  const metrics = createMetricsOnce(health)
  return {
    '/healthz': () => json(200, healthDocument(health())),
    '/readyz': () => {
      const readiness = judgeReadiness(health())
      return json(readiness.ready ? 200 : 503, readiness)
    },
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
