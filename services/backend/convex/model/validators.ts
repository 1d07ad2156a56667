import { literals } from 'convex-helpers/validators'
import { v } from 'convex/values'

/** Validators are the source of the words; `contract/words.ts` derives the types. */

export const status = literals('online', 'offline')
export const approval = literals('pending', 'approved', 'revoked')
/** What somebody may do with a machine of somebody else; see `roles.ts`. */
export const sharedRole = literals('operator', 'viewer')
export const role = literals('owner', 'operator', 'viewer')
/**
 * What opencode may do for those who chat with a worker, in place of opencode's own rules: `ask` first, `allow` all in its folder,
 * or read only. A worker without one keeps to the rules of its machine.
 */
export const policy = literals('ask', 'allow', 'readOnly')
/** As an owner chooses it. */
export const policyChoice = literals('asSetUp', 'ask', 'allow', 'readOnly')
/** What an online worker is doing: `starting` until opencode answers; the others as docs/glossary has them. */
export const phase = literals('starting', 'ready', 'busy', 'draining', 'hung')
export const offlineReason = literals('shutdown', 'crashed', 'stale', 'superseded', 'revoked')
/** What asked a worker to stop. */
export const stopCause = literals(
  'SIGINT',
  'SIGTERM',
  'SIGQUIT',
  'SIGHUP',
  'launcher-gone',
  'supervisor-gone',
  'uncaughtException',
  'unhandledRejection',
  'opencode-failed',
  'startup-failed',
  'stop-requested',
  'restart-requested',
)
/** What ended a worker: what asked it to stop, or that it hung and its supervisor ended it. */
export const endCause = v.union(stopCause, v.literal('hung'))
export const noticedBy = literals('worker', 'supervisor', 'sweep', 'backend')

/** Until when sweeps mark nobody, and why: the backend had slept, or over half the fleet fell silent at once. */
export const grace = v.object({ cause: literals('backend-gap', 'mass-silence'), until: v.number() })

export const versions = v.object({ worker: v.string(), node: v.string(), opencode: v.optional(v.string()) })

/** One run of a worker's process, as it described itself when it registered. */
export const incarnation = v.object({
  hostname: v.string(),
  pid: v.number(),
  directory: v.string(),
  versions,
  /** Made anew by each process; a `register` whose answer got lost is recognised by it. */
  key: v.string(),
  /** SHA-256, hex, of the key that its supervisor reports with; absent where it has none. */
  witnessKeyHash: v.optional(v.string()),
  registeredAt: v.number(),
  /** Set once by a graceful stop, a crash report or a revocation: nothing of this incarnation is accepted after it. */
  closedAt: v.optional(v.number()),
})

/** What every call of a worker carries, `register` excepted (it has no epoch yet). */
export const workerCredentials = v.object({ workerId: v.string(), secret: v.string(), epoch: v.number() })

/** What a supervisor's reports carry: made for one incarnation, worth nothing after it. */
export const witnessCredentials = v.object({ workerId: v.string(), epoch: v.number(), key: v.string() })

/** What a person wants a worker to do: at once, or as soon as it has given the answers that it is giving. */
export const command = v.object({ kind: literals('stop', 'restart'), when: literals('now', 'idle') })

/** `halted`: the present one was not done in time. */
export const rolloutState = literals('running', 'halted')

/** What a machine's workers are being told, one after another: who was told last, in which run, and who is still to be told. */
export const rollout = v.object({
  command,
  by: v.string(),
  current: v.object({ workerId: v.id('workers'), epoch: v.number() }),
  waiting: v.array(v.id('workers')),
  state: rolloutState,
})

/**
 * What was known when a worker went offline. Times in milliseconds. `noticedAfterMs`: how long before the report its supervisor
 * had seen it end, by the supervisor's monotonic clock; `restartInMs`: when it starts it again, counted from the report.
 */
export const offlineEvidence = v.object({
  cause: v.optional(endCause),
  noticedAfterMs: v.optional(v.number()),
  restartInMs: v.optional(v.number()),
  drainMs: v.optional(v.number()),
  exitCode: v.optional(v.number()),
  signal: v.optional(v.string()),
  message: v.optional(v.string()),
})

/** How a worker went offline; `lastHeartbeatAt` is the server's time of its last sign of life. */
export const offline = v.object({
  reason: offlineReason,
  evidence: offlineEvidence,
  lastHeartbeatAt: v.number(),
})

/** A change of a worker's status, as `workerEvents` keeps it. */
export const transition = v.union(
  v.object({ kind: v.literal('online') }),
  v.object({ kind: v.literal('recovered'), gapMs: v.number() }),
  offline.extend({ kind: v.literal('offline') }),
)

export const drain = v.object({ cause: stopCause, deadline: v.number() })

/** What a worker was, for its uptime: `lost` without a sign of life, `stopped` on purpose, which counts neither way. */
export const uptimeState = literals('online', 'crashed', 'lost', 'stopped')
/** How often, and how long it took altogether and at the longest; milliseconds. */
export const latency = v.object({ count: v.number(), totalMs: v.number(), longestMs: v.number() })

/** What a deployment is set to. Times in milliseconds; what each may be, and is by default, is in `contract/settings.ts`. */
export const settings = v.object({
  heartbeatIntervalMs: v.number(),
  staleThresholdMs: v.number(),
  shutdownTimeoutMs: v.number(),
  /** Whether anybody may make an account; without it an invitation is needed. */
  isSignUpOpen: v.boolean(),
  /** How long opencode waits for a person's reply. */
  requestTimeoutMs: v.number(),
  /** A worker that crashes or is lost so many times within an hour is unstable, which raises an alert. */
  unstableFailures: v.number(),
  /** So many crashes in the fleet within an hour raise an alert; of all these thresholds, 0 never does. */
  alertCrashesPerHour: v.number(),
  /** So many workers ended by a watchdog, or while draining, within an hour. */
  alertTimeoutsPerHour: v.number(),
  /** A smaller share of an hour's ends was graceful. */
  alertGracefulPercent: v.number(),
  /** So large a share of the fleet has crashed or was lost, and is not back. */
  alertLostPercent: v.number(),
  /** How long transitions are kept, chats after the last word in them, and alerts. */
  eventRetentionMs: v.number(),
  chatRetentionMs: v.number(),
  alertRetentionMs: v.number(),
})

/** What a machine's workers keep to in place of the deployment's settings. Times in milliseconds. */
export const machineOverrides = v.object({
  staleThresholdMs: v.optional(v.number()),
  shutdownTimeoutMs: v.optional(v.number()),
})
