import { defineTable } from 'convex/server'
import { v } from 'convex/values'
import { latency, noticedBy, transition, uptimeState } from './validators'

const ofHalfHours = v.array(v.number())

/** What became of workers. */
export const historyTables = {
  /** One row per transition, the evidence of every status. Appended by `model/presence`, read by the worker's page. */
  workerEvents: defineTable({
    workerId: v.id('workers'),
    epoch: v.number(),
    at: v.number(),
    noticedBy,
    what: transition,
  })
    .index('by_worker', ['workerId', 'at'])
    .index('by_time', ['at'])
    .index('by_reason', ['what.reason', 'at'])
    .index('by_worker_and_reason', ['workerId', 'what.reason', 'at']),

  /**
   * The sum of a worker's transitions in one day (UTC), of days that had any; outlives its events. Written by `model/uptime`
   * with each transition, read by uptime bars.
   */
  uptimeDays: defineTable({
    workerId: v.id('workers'),
    /** Days since 1970. */
    day: v.number(),
    /** Milliseconds in each state, for each half hour of the day up to `until`. */
    spent: v.object({ online: ofHalfHours, crashed: ofHalfHours, lost: ofHalfHours, stopped: ofHalfHours }),
    /** The day's last transition, and what the worker has been since then: until the next day's first, or until now. */
    until: v.number(),
    state: uptimeState,
    /** How often it went offline, by reason. */
    ends: v.object({
      shutdown: v.number(),
      crashed: v.number(),
      stale: v.number(),
      superseded: v.number(),
      revoked: v.number(),
    }),
    /** From the death to the backend's knowing, as far as it was measured; for losses, from the last heartbeat. */
    noticed: v.object({ crashed: v.optional(latency), stale: v.optional(latency) }),
  }).index('by_worker', ['workerId', 'day']),
}
