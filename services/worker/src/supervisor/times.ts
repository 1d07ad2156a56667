import type { BackoffOptions } from '../domain/backoff'
import type { PingLimits } from '../domain/PingCounter'
import type { RestartOptions } from '../domain/RestartPolicy'

/** All in milliseconds. */
export interface SupervisorTimes {
  /** Between two pings of the worker. */
  pingMs: number
  pings: PingLimits
  restart: RestartOptions
  /** How long one call to the backend may take. */
  callMs: number
  /** Between two attempts to report an end. */
  retries: BackoffOptions
  /** How long a restart waits for the report of the end before it, beyond its own pause. */
  reportPatienceMs: number
  /** The same for this process's own end, once it was asked to stop. */
  farewellMs: number
}

const SECOND = 1_000
const MINUTE = 60 * SECOND

/** Hung after 30 s, ended after two minutes. */
export const defaultTimes: SupervisorTimes = {
  pingMs: 5 * SECOND,
  pings: { hungAfter: 6, lostAfter: 24 },
  restart: { firstMs: SECOND, maxMs: MINUTE, healthyAfterMs: 5 * MINUTE },
  callMs: 5 * SECOND,
  retries: { firstMs: 250, maxMs: 5 * SECOND },
  reportPatienceMs: 6 * SECOND,
  farewellMs: 2 * SECOND,
}
