/** What clients are shown of documents. Owns: which fields leave the backend; secrets' hashes and keys never do. */
import { v, type Infer } from 'convex/values'
import type { Doc } from '../_generated/dataModel'
import {
  approval,
  drain,
  messageRole,
  messageStatus,
  offline,
  phase,
  sessionStatus,
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
})

export function viewWorker(worker: Doc<'workers'>): Infer<typeof workerView> {
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
    ...(worker.phase && { phase: worker.phase }),
    ...(worker.phaseChangedAt !== undefined && { phaseChangedAt: worker.phaseChangedAt }),
    ...(worker.drain && { drain: worker.drain }),
    ...(worker.offline && { offline: worker.offline }),
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

export const machineView = v.object({
  id: v.id('machines'),
  name: v.string(),
  status,
  statusChangedAt: v.number(),
  workers: v.array(workerView),
})

export function viewMachine(machine: Doc<'machines'>, workers: Doc<'workers'>[]): Infer<typeof machineView> {
  const { _id, name, status, statusChangedAt } = machine
  return { id: _id, name, status, statusChangedAt, workers: workers.map(viewWorker) }
}

export const sessionView = v.object({
  id: v.id('sessions'),
  workerId: v.id('workers'),
  title: v.string(),
  model: v.optional(v.string()),
  status: sessionStatus,
  lastMessageAt: v.number(),
})

export function viewSession(session: Doc<'sessions'>): Infer<typeof sessionView> {
  const { _id, workerId, title, model, status, lastMessageAt } = session
  return { id: _id, workerId, title, status, lastMessageAt, ...(model !== undefined && { model }) }
}

export const messageView = v.object({
  id: v.id('messages'),
  role: messageRole,
  status: messageStatus,
  text: v.string(),
  cause: v.optional(v.string()),
  createdAt: v.number(),
})

export function viewMessage(message: Doc<'messages'>): Infer<typeof messageView> {
  const { _id, role, status, text, cause, _creationTime } = message
  return { id: _id, role, status, text, createdAt: _creationTime, ...(cause !== undefined && { cause }) }
}
