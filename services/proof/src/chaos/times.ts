/** What the fleet is set to and what it is judged by. All in milliseconds. */

/** The deployment's settings: low enough to be waited for, in the default proportions but for the sweep's second. */
export const settings = { heartbeatIntervalMs: 500, staleThresholdMs: 3_000 } as const

/** The supervisors': a worker hangs after 2 s, and is ended after 6. */
export const supervisorTimes = {
  pingMs: 250,
  pings: { hungAfter: 8, lostAfter: 24 },
  restart: { firstMs: 100, maxMs: 1_000, healthyAfterMs: 5_000 },
  callMs: 2_000,
  retries: { firstMs: 100, maxMs: 1_000 },
  reportPatienceMs: 3_000,
  farewellMs: 2_000,
} as const

/** What the design promises, section 3. `late`: beyond the stale threshold; `recovered`: from the moment at which nothing is wrong any more. */
export const promised = {
  stopped: 1_000,
  crashed: 1_000,
  supervisorGone: 2_000,
  late: 2_000,
  recovered: 2_000,
} as const

export type PromiseName = keyof typeof promised | 'hung' | 'started'

/** Bounds of what the design does not put a number to. */
export const bounds = {
  /** From the birth of a process, or the moment at which its backend can be reached, to being online: two attempts of a registration. */
  started: 25_000,
  /** A witness's next attempt, after one that ran into a time limit. */
  retriedReport: supervisorTimes.callMs + supervisorTimes.retries.maxMs,
  hung: supervisorTimes.pingMs * supervisorTimes.pings.hungAfter + supervisorTimes.pingMs,
  /** A process that was superseded or revoked knows by its next heartbeat, and has the watchdog's time to end. */
  ended: 12_000,
  /** The guard: dispose 4 s, terminate 1 s, sweep 2.5 s (`guard.js`). */
  orphan: 8_000,
  /** All chats are over, and everybody is online, so long after the last fault: opencode's longest pause between two starts is 30 s. */
  settled: 75_000,
  /** How long what is sent over a slow or reordered network may be under way. */
  underWay: 2_000,
} as const

/** What a loaded machine with two cores is granted on top of every promise. */
export const DEFAULT_SLACK_MS = 2_500
