import { authTables } from '@convex-dev/auth/server'
import { rateLimitTables } from 'convex-helpers/server/rateLimit'
import { defineSchema, defineTable } from 'convex/server'
import { v } from 'convex/values'
import {
  approval,
  audited,
  grace,
  incarnation,
  joiningHost,
  messageRole,
  messageStatus,
  model,
  modelRetry,
  noticedBy,
  drain,
  offline,
  pairingState,
  part,
  phase,
  request,
  requestState,
  sessionStatus,
  sharedRole,
  status,
  transition,
  usage,
} from './model/validators'

export default defineSchema({
  /** Sign-ins: written and read by Convex Auth only. */
  ...authTables,

  /** Written by `model/rateLimits` only. */
  ...rateLimitTables,

  /** People. Made by `model/membership`; the first one administers the deployment. */
  users: defineTable({ ...authTables.users.validator.fields, isAdmin: v.optional(v.boolean()) })
    .index('email', ['email'])
    .index('phone', ['phone']),

  /**
   * Links for one person each: to an account (written by administrators), or to a role on a machine (`share`, written by its
   * owner). Deleted when spent or withdrawn.
   */
  invitations: defineTable({
    tokenHash: v.string(),
    expiresAt: v.number(),
    share: v.optional(v.object({ machineId: v.id('machines'), role: sharedRole })),
  })
    .index('by_token_hash', ['tokenHash'])
    .index('by_machine_and_expiry', ['share.machineId', 'expiresAt']),

  /** Who besides its owner may use a machine. Written by whoever accepts an invitation, deleted by its owner or by them. */
  shares: defineTable({ machineId: v.id('machines'), userId: v.id('users'), role: sharedRole })
    .index('by_machine_and_user', ['machineId', 'userId'])
    .index('by_user', ['userId']),

  /** What people did about access, kept for whom it concerns. Appended by `model/audit`. Names as they were then. */
  auditEvents: defineTable({
    /** Whose trail it is in: a machine's owner, or the person themselves. */
    userId: v.id('users'),
    /** Who did it. */
    by: v.string(),
    what: audited,
  }).index('by_user', ['userId']),

  /**
   * Workers that want to join: started without a token, each showing a code. Written by `model/pairing`; deleted when they have
   * expired. The code is no secret of the worker's, and worth nothing without somebody's sign-in.
   */
  pairings: defineTable({
    code: v.string(),
    /** SHA-256 of the secret that the worker has made for itself, hex. */
    secretHash: v.string(),
    host: joiningHost,
    expiresAt: v.number(),
    state: pairingState,
  })
    .index('by_code', ['code'])
    .index('by_expiry', ['expiresAt']),

  /** One-time sign-in links. Written by the CLI with the admin key, spent by the sign-in, deleted when spent or expired. */
  signInLinks: defineTable({
    userId: v.id('users'),
    tokenHash: v.string(),
    expiresAt: v.number(),
  }).index('by_token_hash', ['tokenHash']),

  /**
   * Computers. Written by their owner and, with the status of their workers, by `model/presence`; read by the fleet list.
   * Changes when its first worker comes online or its last one goes.
   */
  machines: defineTable({
    ownerId: v.id('users'),
    name: v.string(),
    status,
    statusChangedAt: v.number(),
  }).index('by_owner_and_name', ['ownerId', 'name']),

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
    /** Whom a heartbeat is taken from without a look at the worker; only while online. */
    lease: v.optional(v.object({ epoch: v.number(), secretHash: v.string() })),
  })
    .index('by_worker', ['workerId'])
    .index('by_online_and_heartbeat', ['online', 'lastHeartbeatAt']),

  /** One row per transition, the evidence of every status. Appended by `model/presence`, read by the worker's page. */
  workerEvents: defineTable({
    workerId: v.id('workers'),
    epoch: v.number(),
    at: v.number(),
    noticedBy,
    what: transition,
  }).index('by_worker', ['workerId', 'at']),

  /**
   * When the sweep last ran, which one is pending, and until when it marks nobody: one document. Written by sweeps and by the
   * first worker to come online; read by the page, which doubts statuses while the sweep is overdue.
   */
  sweepState: defineTable({
    lastRunAt: v.number(),
    nextRunAt: v.union(v.number(), v.null()),
    pending: v.union(v.id('_scheduled_functions'), v.null()),
    grace: v.optional(grace),
  }),

  /** What happened to the fleet as a whole. Appended by sweeps, a handful in a bad week; read by the fleet page. */
  fleetEvents: defineTable({
    at: v.number(),
    what: grace.extend({ kind: v.literal('grace') }),
  }),

  /** The deployment's settings: one document, absent while all are at their defaults. Times in milliseconds. */
  settings: defineTable({
    heartbeatIntervalMs: v.number(),
    staleThresholdMs: v.number(),
    shutdownTimeoutMs: v.number(),
    /** Whether anybody may make an account; without it an invitation is needed. */
    isSignUpOpen: v.optional(v.boolean()),
    /** How long opencode waits for a person's reply. */
    requestTimeoutMs: v.optional(v.number()),
  }),

  /** What a worker's opencode offers: one document per worker, written when the worker becomes ready, read by the chat. */
  workerModels: defineTable({
    workerId: v.id('workers'),
    models: v.array(model),
  }).index('by_worker', ['workerId']),

  /** Chats. Written by the person who owns them and by the worker that runs them; changes a few times in its life. */
  sessions: defineTable({
    workerId: v.id('workers'),
    userId: v.id('users'),
    title: v.string(),
    model: v.optional(v.string()),
    status: sessionStatus,
    opencodeSessionId: v.optional(v.string()),
    lastMessageAt: v.number(),
  })
    .index('by_worker_and_status', ['workerId', 'status'])
    .index('by_user_and_worker', ['userId', 'workerId', 'lastMessageAt'])
    .index('by_user_and_status', ['userId', 'status', 'workerId']),

  /**
   * Messages. A person's and the system's are complete when written; an answer is one document that goes through
   * `model/messageStatus` and grows about five times a second while it streams.
   */
  messages: defineTable({
    sessionId: v.id('sessions'),
    workerId: v.id('workers'),
    role: messageRole,
    status: messageStatus,
    text: v.string(),
    /** Of an answer: the message it answers. */
    answers: v.optional(v.id('messages')),
    /** Of an answer: the incarnation that claimed it. */
    epoch: v.optional(v.number()),
    /** Of an answer: how many appends it has taken; makes a repeated append harmless. */
    appends: v.optional(v.number()),
    /** Why it failed or was interrupted, for a person. */
    cause: v.optional(v.string()),
    finishedAt: v.optional(v.number()),
    /** Of an answer that is being given: its person wants it to end. The worker's incarnation follows these. */
    stopRequestedAt: v.optional(v.number()),
    /** Of an answer that has rows in `parts`. */
    hasParts: v.optional(v.literal(true)),
    /** Only while the model is waited for. */
    modelRetry: v.optional(modelRetry),
    /** Of an answer that has ended, if it is known. */
    usage: v.optional(usage),
  })
    .index('by_session', ['sessionId'])
    .index('by_status_and_session', ['status', 'sessionId'])
    .index('by_worker_and_status', ['workerId', 'status'])
    .index('by_worker_and_stop', ['workerId', 'stopRequestedAt']),

  /**
   * What a worker did on the way to an answer: tools, reasoning. Written by its incarnation while the answer is given, several
   * times each; read by the chat, for the answers that it shows.
   */
  parts: defineTable({
    messageId: v.id('messages'),
    workerId: v.id('workers'),
    /** opencode's id of it. */
    key: v.string(),
    /** How much of the answer's text came before it, in UTF-16 code units. */
    at: v.number(),
    what: part,
  })
    .index('by_message_and_key', ['messageId', 'key'])
    .index('by_worker', ['workerId']),

  /**
   * What opencode asks a person in the middle of an answer. Written by the incarnation that gives it, by the person of the chat, and
   * when nobody replies in time; read by the chat, and by the incarnation for the reply.
   */
  requests: defineTable({
    messageId: v.id('messages'),
    sessionId: v.id('sessions'),
    workerId: v.id('workers'),
    /** The incarnation's. */
    epoch: v.number(),
    /** opencode's id of it. */
    key: v.string(),
    what: request,
    expiresAt: v.number(),
    state: requestState,
  })
    .index('by_message_and_key', ['messageId', 'key'])
    .index('by_session', ['sessionId', 'state.kind'])
    .index('by_worker', ['workerId', 'state.kind', 'epoch']),
})
