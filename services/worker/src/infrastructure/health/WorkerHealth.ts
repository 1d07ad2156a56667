import type { Transition } from '../../domain/StateMachine'
import type { WorkerState } from '../../domain/workerState'
import type { Opencode } from '../opencode/types'

/** How far a shutdown is. */
interface ShutdownProgress {
  /** One word, as in the log. */
  cause: string
  /** The steps of the drain that began and are not over. */
  hangingSteps: readonly string[]
  /** Milliseconds until the watchdog ends the process; 0 once they have passed. */
  deadlineInMs: number
}

/** What the worker says of itself at this moment. Holds no secret. */
export interface WorkerHealth {
  workerId: string
  versions: Readonly<Record<string, string>>
  state: WorkerState
  /** The last 100 transitions, oldest first. */
  history: readonly Transition[]
  /** Of the incarnation; undefined before the first registration. */
  epoch: number | undefined
  /** Whether the lease is lost: no beat was acknowledged for too long, and no new work is taken. */
  isFenced: boolean
  /** Milliseconds since the last acknowledged beat, or the registration, was sent; undefined before it. */
  beatAgeMs: number | undefined
  /** Beats that were sent, by what came of them: `acknowledged`, a code of the backend's, `unreachable`, `notRollcall`, `failed`. */
  beats: ReadonlyMap<string, number>
  answersRunning: number
  /** The cause with which it drains when its answers are done; until then no new work is taken. */
  heldFor: string | undefined
  /** Undefined while the worker is not told to stop. */
  shutdown: ShutdownProgress | undefined
  /** Undefined while none runs. Its processes are read when they are asked for. */
  opencode: Pick<Opencode, 'version' | 'processes'> | undefined
}
