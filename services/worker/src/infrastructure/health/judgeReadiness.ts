import type { WorkerHealth } from './WorkerHealth'

/** Whether the worker takes work. `why` not is one sentence for a person. */
export type Readiness = { ready: true } | { ready: false; why: string }

/** A drain, also one to come, is named before a lost lease, and that before the state: the first is what a person has to know. */
export function judgeReadiness({ state, shutdown, heldFor, isFenced, beatAgeMs }: WorkerHealth): Readiness {
  if (shutdown) {
    const steps = shutdown.hangingSteps.map((step) => `, in step ${step}`).join('')
    return not(`draining (${shutdown.cause})${steps}`)
  }
  if (heldFor !== undefined) return not(`finishing its answers before it drains (${heldFor})`)
  if (isFenced) {
    return not(`fenced: no heartbeat was acknowledged for ${Math.round((beatAgeMs ?? 0) / 1000)} s`)
  }
  switch (state.name) {
    case 'ready':
    case 'busy':
      return { ready: true }
    case 'reconnecting':
      return not(`reconnecting: lost its ${state.lost}`)
    case 'starting':
    case 'registering':
    case 'awaitingApproval':
    case 'connecting':
      return not(`starting: ${state.name}`)
    case 'shuttingDown':
    case 'stopped':
      return not(state.name)
    default:
      return state satisfies never
  }
}

function not(why: string): Readiness {
  return { ready: false, why }
}
