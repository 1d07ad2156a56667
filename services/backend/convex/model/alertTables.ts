import { defineTable } from 'convex/server'
import { v } from 'convex/values'
import {
  alertEvidence,
  alertNews,
  alertRule,
  alertSubject,
  deliveryState,
  webhookShape,
} from './alertValidators'

/** Alerts, when they are judged, and who is told of them. */
export const alertTables = {
  /**
   * One document from the moment that something is wrong until it is not any more, however often it happens meanwhile. Written by
   * `model/alerts` only; read by the alerts page. A handful in a bad week.
   */
  alerts: defineTable({
    rule: alertRule,
    /** Absent: the whole fleet. */
    subject: v.optional(alertSubject),
    isOpen: v.boolean(),
    /** Counts the alerts of the deployment, from 1. */
    ordinal: v.number(),
    openedAt: v.number(),
    resolvedAt: v.optional(v.number()),
    evidence: alertEvidence,
    /** Nobody is told of it before. */
    mute: v.optional(v.object({ until: v.number(), by: v.string() })),
    /** Webhooks were told of it: they will be told of its end, too. */
    isTold: v.optional(v.literal(true)),
  })
    .index('by_open', ['isOpen', 'openedAt'])
    .index('by_ordinal', ['isOpen', 'ordinal'])
    .index('by_rule_and_worker', ['rule', 'subject.workerId', 'openedAt'])
    .index('by_owner', ['subject.ownerId', 'isOpen', 'openedAt'])
    .index('by_machine', ['subject.machineId', 'isOpen', 'openedAt'])
    .index('by_worker', ['subject.workerId']),

  /**
   * When the fleet is judged next, and what its numbers were before: one document. Written by judgements, and by the transition
   * that asks for one; read by every transition.
   */
  alertWatch: defineTable({
    nextAt: v.union(v.number(), v.null()),
    /** Sums since the deployment began, oldest first; they reach back an hour and a bit. */
    samples: v.array(
      v.object({
        at: v.number(),
        crashed: v.number(),
        stale: v.number(),
        graceful: v.number(),
        hung: v.number(),
        unfinished: v.number(),
      }),
    ),
  }),

  /** Receivers of alerts. Written by administrators. */
  webhooks: defineTable({
    url: v.string(),
    shape: webhookShape,
    /** What it is signed with, as Standard Webhooks writes it (`whsec_…`); shown once, when it is made. */
    secret: v.string(),
    by: v.string(),
  }),

  /**
   * What a receiver is to be told. Its id is the message's: a receiver that is told twice can know. Written by `model/deliveries`
   * with each attempt, at most twelve times each.
   */
  deliveries: defineTable({
    webhookId: v.id('webhooks'),
    /** Absent: a test. */
    alertId: v.optional(v.id('alerts')),
    news: alertNews,
    body: v.string(),
    state: deliveryState,
    attempts: v.number(),
    /** Only while waiting; ms since 1970. */
    nextAttemptAt: v.optional(v.number()),
    /** When it was taken or given up. */
    settledAt: v.optional(v.number()),
    /** Why the last attempt failed. */
    error: v.optional(v.string()),
  })
    .index('by_webhook', ['webhookId'])
    .index('by_alert', ['alertId']),
}
