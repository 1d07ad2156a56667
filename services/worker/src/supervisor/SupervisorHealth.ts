import type { ProcessEnd } from '../domain/judgeEnd'

/** What a supervisor says of itself and its worker at this moment. Holds no secret. */
export interface SupervisorHealth {
  /**
   * `restarting`: the worker has crashed and the next one is yet to be started, or it drains in order to be started again.
   * `stopping`: it was asked to stop, or is not to be started again.
   */
  state: 'running' | 'restarting' | 'stopping'
  /** Undefined while none runs. */
  worker: RunningWorker | undefined
  /** How often a worker was started after the first. */
  restarts: number
  /** Of the worker that ended last. */
  lastEnd: (ProcessEnd & { cause: 'hung' | undefined; at: Date }) | undefined
  /** Milliseconds until the next worker is started; undefined while none is due. */
  nextRestartInMs: number | undefined
}

export interface RunningWorker {
  /** Undefined if it could not be started. */
  pid: number | undefined
  /** It has left so many pings unanswered that it counts as hung. */
  isHung: boolean
  /** In a row. */
  missedPings: number
}
