import { authTables } from '@convex-dev/auth/server'
import { rateLimitTables } from 'convex-helpers/server/rateLimit'
import { defineSchema, defineTable } from 'convex/server'
import { v } from 'convex/values'
import { accessTables } from './model/accessTables'
import { alertTables } from './model/alertTables'
import { chatTables } from './model/chatTables'
import { historyTables } from './model/historyTables'
import { metricsTables } from './model/metricsTables'
import { model } from './model/chatValidators'
import {
  approval,
  command,
  drain,
  grace,
  incarnation,
  machineOverrides,
  offline,
  phase,
  policy,
  rollout,
  settings,
  status,
} from './model/validators'

export default defineSchema({
  /** Sign-ins: written and read by Convex Auth only. */
  ...authTables,

  /** Written by `model/rateLimits` only. */
  ...rateLimitTables,

  ...accessTables,

  ...historyTables,

  ...metricsTables,

  ...alertTables,

  /**
   * Computers. Written by their owner and, with the status of their workers, by `model/presence`; read by the fleet list.
   * Changes when its first worker comes online or its last one goes.
   */
  machines: defineTable({
    ownerId: v.id('users'),
    name: v.string(),
    status,
    statusChangedAt: v.number(),
    /** Only while its workers are told something one after another, or after that was halted. */
    rollout: v.optional(rollout),
    /** Written by its owner only, followed by its workers. Absent: they keep to the deployment's settings. */
    overrides: v.optional(machineOverrides),
  })
    .index('by_owner_and_name', ['ownerId', 'name'])
    .index('by_stale_threshold', ['overrides.staleThresholdMs']),

  /**
   * Registered daemons and their present incarnation. Written by `model/presence` on transitions and by `model/workers`;
   * read by the fleet list and by every call of the worker. Never written by a heartbeat.
   */
  workers: defineTable({
    machineId: v.id('machines'),
    name: v.string(),
    /** SHA-256 of the token's secret, hex. */
    secretHash: v.string(),
    /** When its token ends, if it does; ms since 1970. */
    tokenExpiresAt: v.optional(v.number()),
    /** The secret before the last rotation, as long as it is taken, too. */
    formerSecret: v.optional(v.object({ hash: v.string(), until: v.number() })),
    approval,
    /** Written by its machine's owner only; absent: opencode's rules are those of the machine. */
    policy: v.optional(policy),
    status,
    statusChangedAt: v.number(),
    /** Counts incarnations; 0 before the first. */
    epoch: v.number(),
    incarnation: v.optional(incarnation),
    /** Only while online. */
    phase: v.optional(phase),
    phaseChangedAt: v.optional(v.number()),
    /** Why it drains and when that must be over, server time; only while draining. */
    drain: v.optional(drain),
    /** What the incarnation `epoch` was told to do, and by whom; only while it is online. */
    command: v.optional(command.extend({ by: v.string(), epoch: v.number() })),
    /** Server times of its last crashes and losses, at most `flapping.remembered`, and whether they are too many (`model/flapping`). */
    failures: v.optional(v.array(v.number())),
    isUnstable: v.optional(v.literal(true)),
    /** Answers being written now. */
    runningPrompts: v.number(),
    /** Only while offline, and only if it has been online before. */
    offline: v.optional(offline),
  })
    .index('by_machine_and_name', ['machineId', 'name'])
    .index('by_machine_and_status', ['machineId', 'status']),

  /**
   * A worker's sign of life, one small document per worker. Written by every heartbeat; read by heartbeats, the sweep and
   * the worker's own page, never by a list. It holds all that a heartbeat needs, which therefore reads nothing else.
   */
  liveness: defineTable({
    workerId: v.id('workers'),
    online: v.boolean(),
    /** Server time of the last heartbeat, registration or supervisor's word that it hangs; the sweep leaves it alone. */
    lastHeartbeatAt: v.number(),
    /** Of the present epoch. */
    seq: v.number(),
    /** Its machine's own stale threshold, ms: a copy, for the sweep. Absent: the deployment's holds. Written by `model/overrides`. */
    staleAfterMs: v.optional(v.number()),
    /** Whom a heartbeat is taken from without a look at the worker; only while online. */
    lease: v.optional(v.object({ epoch: v.number(), secretHash: v.string() })),
  })
    .index('by_worker', ['workerId'])
    .index('by_online_and_threshold_and_heartbeat', ['online', 'staleAfterMs', 'lastHeartbeatAt']),

  /**
   * When the sweep last ran, which one is pending, and the last grace: one document. Written by sweeps and by the
   * first worker to come online; read by the page, which doubts statuses while the sweep is overdue.
   */
  sweepState: defineTable({
    lastRunAt: v.number(),
    nextRunAt: v.union(v.number(), v.null()),
    pending: v.union(v.id('_scheduled_functions'), v.null()),
    grace: v.optional(grace),
    /** How often a sweep found nobody to mark. Counted here, where every sweep writes. */
    idleRuns: v.optional(v.number()),
  }),

  /** What happened to the fleet as a whole. Appended by sweeps, a handful in a bad week; read by the fleet page. */
  fleetEvents: defineTable({
    at: v.number(),
    what: grace.extend({ kind: v.literal('grace') }),
  }),

  /**
   * The deployment's settings: one document, absent while none was ever changed; what is absent in it is as in `contract/settings`.
   * Written by `model/settingsChange`, for an administrator or whoever holds the admin key, a few times in a deployment's life; read
   * by all that keeps to them.
   */
  settings: defineTable(settings.partial()),

  /** What a worker's opencode offers: one document per worker, written when the worker becomes ready, read by the chat. */
  workerModels: defineTable({
    workerId: v.id('workers'),
    models: v.array(model),
  }).index('by_worker', ['workerId']),

  ...chatTables,
})
