import { json, type Answers } from '../infrastructure/health/createAnswerer'
import type { Readiness } from '../infrastructure/health/judgeReadiness'
import type { SupervisorHealth } from './SupervisorHealth'

/** The supervisor's health endpoint, on 127.0.0.1 at `SUPERVISOR_HEALTH_PORT`; without that variable there is none. */
export function supervisorAnswers(health: () => SupervisorHealth): Answers {
  return {
    /** 200 as long as it lives, with its state, its worker, the restarts and the last end. */
    '/healthz': () => json(200, document(health())),
    /** 200 while its worker runs and answers, else 503 with `why` not. */
    '/readyz': () => {
      const readiness = judge(health())
      return json(readiness.ready ? 200 : 503, readiness)
    },
  }
}

/** Every field is named here, so that nothing slips in. Milliseconds are whole; null is what there is not. */
function document({ state, worker, restarts, lastEnd, nextRestartInMs }: SupervisorHealth) {
  return {
    state,
    worker: worker ? { pid: worker.pid ?? null, hung: worker.isHung, missedPings: worker.missedPings } : null,
    restarts,
    lastEnd: lastEnd
      ? {
          exitCode: lastEnd.exitCode,
          signal: lastEnd.signal,
          cause: lastEnd.cause ?? null,
          at: lastEnd.at.toISOString(),
        }
      : null,
    nextRestartInMs: nextRestartInMs === undefined ? null : Math.round(nextRestartInMs),
  }
}

/** Whether there is a worker that answers and is to go on. `why` not is one sentence for a person. */
function judge(health: SupervisorHealth): Readiness {
  const { state, worker } = health
  switch (state) {
    case 'stopping':
      return { ready: false, why: worker ? 'stopping: waiting for the worker to end' : 'stopping' }
    case 'restarting':
      return { ready: false, why: `restarting: ${reasonToRestart(health)}` }
    case 'running':
      return worker?.isHung
        ? { ready: false, why: `hung: the worker left ${worker.missedPings} pings in a row unanswered` }
        : { ready: true }
    default:
      return state satisfies never
  }
}

function reasonToRestart({ worker, lastEnd, nextRestartInMs = 0 }: SupervisorHealth): string {
  if (worker) return 'the worker drains and is then started again'
  const how = lastEnd?.signal
    ? `was killed by ${lastEnd.signal}`
    : `ended with exit code ${lastEnd?.exitCode ?? 1}`
  return `the worker ${how}; the next one is started in ${Math.round(nextRestartInMs)} ms`
}
