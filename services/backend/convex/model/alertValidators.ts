/** Words and shapes of alerts, and of what tells others of them. */
import { literals } from 'convex-helpers/validators'
import { v } from 'convex/values'

/**
 * What there are alerts for. `flapping` is about one worker, the others about the whole fleet: crashes, ends by a watchdog, the
 * share of graceful ends, the share of workers that crashed or were lost and are not back.
 */
export const alertRule = literals('flapping', 'crashes', 'timeouts', 'graceful', 'lost')

/** A worker that failed, as it was called then. */
const failure = v.object({
  machine: v.string(),
  worker: v.string(),
  at: v.number(),
  message: v.optional(v.string()),
})

/** Why there is the alert: the numbers of the last hour (`lost`: of now), and from which number on it is one. */
export const alertEvidence = v.union(
  v.object({
    rule: v.literal('flapping'),
    failures: v.number(),
    threshold: v.number(),
    last: v.object({ at: v.number(), reason: literals('crashed', 'stale'), message: v.optional(v.string()) }),
  }),
  v.object({
    rule: v.literal('crashes'),
    crashes: v.number(),
    threshold: v.number(),
    /** The last ones, newest first. */
    recent: v.array(failure),
  }),
  /** `hung`: ended by their supervisors; `unfinished`: ended before their drain was. */
  v.object({
    rule: v.literal('timeouts'),
    hung: v.number(),
    unfinished: v.number(),
    threshold: v.number(),
  }),
  v.object({ rule: v.literal('graceful'), graceful: v.number(), ends: v.number(), threshold: v.number() }),
  v.object({ rule: v.literal('lost'), lost: v.number(), of: v.number(), threshold: v.number() }),
)

/** The worker that an alert is about, with names as they were when it was raised. */
export const alertSubject = v.object({
  workerId: v.id('workers'),
  machineId: v.id('machines'),
  ownerId: v.id('users'),
  worker: v.string(),
  machine: v.string(),
})

/** What is told of an alert; `test` of none. */
export const alertNews = literals('opened', 'resolved', 'test')

/** How a receiver is told: as Standard Webhooks has it, or as Slack's incoming webhooks want it. */
export const webhookShape = literals('json', 'slack')

/** `waiting`: it is tried again until it is taken, or until there was no try left. */
export const deliveryState = literals('waiting', 'delivered', 'failed')
