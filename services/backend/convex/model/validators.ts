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

/** What a machine's workers are being told, one after another: who was told last, in which run, and who is still to be told. */
export const rollout = v.object({
  command,
  by: v.string(),
  current: v.object({ workerId: v.id('workers'), epoch: v.number() }),
  waiting: v.array(v.id('workers')),
  /** The present one was not done in time. */
  isHalted: v.optional(v.literal(true)),
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

export const sessionStatus = literals('active', 'suspended', 'ended')
/** Whether a message may wait for a worker that is away. */
export const when = literals('now', 'later')
export const messageRole = literals('user', 'assistant', 'system')
export const messageStatus = literals('queued', 'claimed', 'streaming', 'completed', 'failed', 'interrupted')

/** How far a chat is: what goes on in it, before what waits in it, before how its last answer ended. `asking`: for a person. */
export const progress = literals('asking', 'running', 'queued', 'completed', 'failed', 'interrupted')

export const model = v.object({ id: v.string(), name: v.string() })

/** A computer on which a worker wants to join, as it described itself; `address` as the backend saw it. */
export const joiningHost = v.object({
  hostname: v.string(),
  user: v.string(),
  directory: v.string(),
  address: v.optional(v.string()),
  /** What the worker would like to be called. */
  workerName: v.string(),
})

/** Of a worker that wants to join. `by`: who decided. */
export const pairingState = v.union(
  v.object({ kind: v.literal('waiting') }),
  v.object({ kind: v.literal('approved'), workerId: v.id('workers'), by: v.string() }),
  v.object({ kind: v.literal('denied'), by: v.string() }),
)

const onWorker = { machine: v.string(), worker: v.string() }
const onPerson = { machine: v.string(), person: v.string() }

/** What a worker did on the way to an answer besides its text. Long texts are cut: `isTruncated`. */
export const part = v.union(
  v.object({
    kind: v.literal('reasoning'),
    status: literals('running', 'completed'),
    text: v.string(),
    isTruncated: v.optional(v.literal(true)),
  }),
  v.object({
    kind: v.literal('tool'),
    /** opencode's name of it: `bash`, `edit` … */
    tool: v.string(),
    /** What it is about, in opencode's own words; empty while it says none. */
    title: v.string(),
    status: literals('pending', 'running', 'completed', 'failed'),
    /** The arguments as JSON. */
    input: v.string(),
    /** What came out, or why it failed. */
    output: v.string(),
    isTruncated: v.optional(v.literal(true)),
  }),
)

/** What opencode asks a person in the middle of an answer: whether it may do something, or what it shall do. */
export const request = v.union(
  v.object({
    kind: v.literal('permission'),
    /** opencode's name of what it wants to do: `bash`, `edit`, `external_directory` … */
    permission: v.string(),
    /** What it is about: commands, paths. */
    patterns: v.array(v.string()),
  }),
  v.object({
    kind: v.literal('question'),
    questions: v.array(
      v.object({
        header: v.string(),
        question: v.string(),
        options: v.array(v.object({ label: v.string(), description: v.string() })),
        mayChooseSeveral: v.boolean(),
      }),
    ),
  }),
)

/** `always`: also what opencode will ask of the same kind in this run. `answers`: for each question the labels or own words. */
export const reply = v.union(
  v.object({ kind: literals('once', 'always', 'reject') }),
  v.object({ kind: v.literal('answers'), answers: v.array(v.array(v.string())) }),
)

/** Of a request. `by`: who replied, or that nobody did in time. `settled`: opencode has it. */
export const requestState = v.union(
  v.object({ kind: v.literal('open') }),
  v.object({ kind: literals('replied', 'settled'), reply, by: v.string() }),
)

/** What an answer cost, over all its steps. `usd` as the provider's prices are known to opencode; 0 for unknown ones. */
export const usage = v.object({
  usd: v.number(),
  inputTokens: v.number(),
  outputTokens: v.number(),
  reasoningTokens: v.number(),
  cacheReadTokens: v.number(),
  cacheWriteTokens: v.number(),
})

/** opencode waits to ask the model again, until `at` (server time), because of `message`. */
export const modelRetry = v.object({ attempt: v.number(), message: v.string(), at: v.number() })

/** What a deployment is set to. Times in milliseconds; what they may be is in `contract/settings.ts`. */
export const settings = v.object({
  heartbeatIntervalMs: v.number(),
  staleThresholdMs: v.number(),
  shutdownTimeoutMs: v.number(),
  /** Whether anybody may make an account; without it an invitation is needed. */
  isSignUpOpen: v.boolean(),
  /** How long opencode waits for a person's reply. */
  requestTimeoutMs: v.number(),
})

/** What a machine's workers keep to in place of the deployment's settings. Times in milliseconds. */
export const machineOverrides = v.object({ shutdownTimeoutMs: v.optional(v.number()) })

/** What somebody did about access or settings. `from` and `to` have what was changed, and nothing else. */
export const audited = v.union(
  v.object({ kind: v.literal('signedIn'), address: v.optional(v.string()) }),
  v.object({ kind: literals('signInEnded', 'passwordChanged') }),
  v.object({
    kind: literals('workerAdded', 'workerApproved', 'workerRevoked', 'workerRemoved', 'tokenReplaced'),
    ...onWorker,
  }),
  v.object({ kind: v.literal('policySet'), policy: policyChoice, ...onWorker }),
  v.object({ kind: v.literal('commanded'), command, ...onWorker }),
  v.object({ kind: v.literal('allCommanded'), command, machine: v.string(), oneByOne: v.boolean() }),
  v.object({ kind: v.literal('workerPaired'), host: joiningHost, ...onWorker }),
  v.object({ kind: v.literal('machineRemoved'), machine: v.string() }),
  v.object({ kind: v.literal('shared'), role: sharedRole, ...onPerson }),
  v.object({ kind: v.literal('shareEnded'), ...onPerson }),
  v.object({ kind: v.literal('settingsChanged'), from: settings.partial(), to: settings.partial() }),
  v.object({
    kind: v.literal('overridesSet'),
    machine: v.string(),
    from: machineOverrides,
    to: machineOverrides,
  }),
)
