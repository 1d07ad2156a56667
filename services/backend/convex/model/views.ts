/** What clients are shown of documents. Owns: which fields leave the backend; secrets' hashes and keys never do. */
import { literals } from 'convex-helpers/validators'
import { v, type Infer } from 'convex/values'
import type { Doc } from '../_generated/dataModel'
import { isRunning } from './messageStatus'
import type { Role } from './roles'
import {
  messageRole,
  messageStatus,
  modelRetry,
  part,
  progress,
  sessionStatus,
  usage,
} from './chatValidators'
import {
  approval,
  command,
  drain,
  offline,
  phase,
  policy,
  role,
  rolloutState,
  type rollout,
  status,
  versions,
} from './validators'

export const workerView = v.object({
  id: v.id('workers'),
  machineId: v.id('machines'),
  name: v.string(),
  approval,
  status,
  statusChangedAt: v.number(),
  epoch: v.number(),
  phase: v.optional(phase),
  phaseChangedAt: v.optional(v.number()),
  drain: v.optional(drain),
  runningPrompts: v.number(),
  /** What it was told to do and has not begun. */
  command: v.optional(command.extend({ by: v.string() })),
  /** It failed too often lately: so often up to its last failure. */
  unstable: v.optional(v.object({ failures: v.number(), lastAt: v.number() })),
  offline: v.optional(offline),
  process: v.optional(
    v.object({
      hostname: v.string(),
      pid: v.number(),
      directory: v.string(),
      versions,
      registeredAt: v.number(),
    }),
  ),
  /** When its token ends, if it does. */
  tokenExpiresAt: v.optional(v.number()),
  /** What opencode may do there, unless it is as set up on the machine. */
  policy: v.optional(policy),
  /** The caller's, on its machine. */
  role,
})

export type WorkerView = Infer<typeof workerView>

export function viewWorker(worker: Doc<'workers'>, role: Role): WorkerView {
  const { _id, incarnation, machineId, name, approval, status, statusChangedAt, epoch, runningPrompts } =
    worker
  return {
    id: _id,
    machineId,
    name,
    approval,
    status,
    statusChangedAt,
    epoch,
    runningPrompts,
    role,
    ...(worker.phase && { phase: worker.phase }),
    ...(worker.phaseChangedAt !== undefined && { phaseChangedAt: worker.phaseChangedAt }),
    ...(worker.drain && { drain: worker.drain }),
    ...viewCommand(worker),
    ...viewFailures(worker),
    ...(worker.offline && { offline: worker.offline }),
    ...(worker.tokenExpiresAt !== undefined && { tokenExpiresAt: worker.tokenExpiresAt }),
    ...(worker.policy && { policy: worker.policy }),
    ...(incarnation && {
      process: {
        hostname: incarnation.hostname,
        pid: incarnation.pid,
        directory: incarnation.directory,
        versions: incarnation.versions,
        registeredAt: incarnation.registeredAt,
      },
    }),
  }
}

function viewCommand({ command, epoch }: Doc<'workers'>): Pick<WorkerView, 'command'> {
  if (command?.epoch !== epoch) return {}
  const { kind, when, by } = command
  return { command: { kind, when, by } }
}

function viewFailures({ isUnstable, failures = [] }: Doc<'workers'>): Pick<WorkerView, 'unstable'> {
  const lastAt = failures.at(-1)
  return isUnstable && lastAt !== undefined ? { unstable: { failures: failures.length, lastAt } } : {}
}

export const machineView = v.object({
  id: v.id('machines'),
  name: v.string(),
  status,
  statusChangedAt: v.number(),
  /** The caller's. */
  role,
  /** What its workers are being told one after another: the one whose turn it is, and how many come after it. */
  rollout: v.optional(
    v.object({
      command,
      by: v.string(),
      workerId: v.id('workers'),
      waiting: v.number(),
      state: rolloutState,
    }),
  ),
  /** The owner's name, on a machine of somebody else. */
  owner: v.optional(v.string()),
})

export function viewMachine(
  { _id, name, status, statusChangedAt, rollout }: Doc<'machines'>,
  role: Role,
  owner?: string,
): Infer<typeof machineView> {
  return {
    ...{ id: _id, name, status, statusChangedAt, role },
    ...(rollout && { rollout: viewRollout(rollout) }),
    ...(owner !== undefined && { owner }),
  }
}

function viewRollout({ command, by, current, waiting, state }: Infer<typeof rollout>) {
  return { command, by, workerId: current.workerId, waiting: waiting.length, state }
}

export const partView = v.object({ id: v.id('parts'), at: v.number(), what: part })

/** Nothing goes on in an answer that has ended, whatever was last heard of it. */
export function viewPart({ _id, at, what }: Doc<'parts'>, answer: Doc<'messages'>): Infer<typeof partView> {
  if (isRunning(answer)) return { id: _id, at, what }
  if (what.kind === 'reasoning') return { id: _id, at, what: { ...what, status: 'completed' } }
  const isOpen = what.status === 'pending' || what.status === 'running'
  return { id: _id, at, what: isOpen ? { ...what, status: 'failed' } : what }
}

/** A refusal that is answered rather than thrown, so that its transaction is kept. */
export const refusalView = v.object({
  code: literals('WRONG_SECRET', 'RATE_LIMITED', 'PAIRING_CODE_INVALID'),
  message: v.string(),
  retryAt: v.optional(v.number()),
})

/** What others call a person: the email, which is unique here. */
export function personName(user: Doc<'users'> | null): string {
  return user?.email ?? user?.name ?? 'somebody who left'
}

export const sessionView = v.object({
  id: v.id('sessions'),
  workerId: v.id('workers'),
  title: v.string(),
  model: v.optional(v.string()),
  status: sessionStatus,
  /** Absent until something was asked. */
  progress: v.optional(progress),
  lastMessageAt: v.number(),
})

export function viewSession(session: Doc<'sessions'>): Infer<typeof sessionView> {
  const { _id, workerId, title, model, status, progress, lastMessageAt } = session
  return {
    ...{ id: _id, workerId, title, status, lastMessageAt },
    ...(progress && { progress }),
    ...(model !== undefined && { model }),
  }
}

export const messageView = v.object({
  id: v.id('messages'),
  role: messageRole,
  status: messageStatus,
  text: v.string(),
  cause: v.optional(v.string()),
  createdAt: v.number(),
  /** Its person wants it to end, and the worker has not ended it yet. */
  isStopping: v.optional(v.literal(true)),
  /** It was given without knowing what had been said before. */
  beganAnew: v.optional(v.literal(true)),
  /** Whether there is more to be seen of it by `chat.parts`. */
  hasParts: v.optional(v.literal(true)),
  modelRetry: v.optional(modelRetry),
  usage: v.optional(usage),
})

export function viewMessage(message: Doc<'messages'>): Infer<typeof messageView> {
  const { _id, role, status, text, cause, stopRequestedAt, _creationTime } = message
  const { beganAnew, hasParts, modelRetry, usage } = message
  return {
    ...{ id: _id, role, status, text, createdAt: _creationTime },
    ...(cause !== undefined && { cause }),
    ...(stopRequestedAt !== undefined && { isStopping: true as const }),
    ...(beganAnew && { beganAnew }),
    ...(hasParts && { hasParts }),
    ...(modelRetry && { modelRetry }),
    ...(usage && { usage }),
  }
}
