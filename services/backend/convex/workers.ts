/**
 * Workers: made and approved by people, registered and kept alive by their own processes. The rules of presence are in
 * `model/presence`; these functions only say who may call them.
 */
import { paginationOptsValidator, paginationResultValidator } from 'convex/server'
import { literals } from 'convex-helpers/validators'
import { v, type Infer } from 'convex/values'
import { formatWorkerToken } from '../contract/workerToken'
import { limits } from '../contract/limits'
import { internal } from './_generated/api'
import type { Id } from './_generated/dataModel'
import { internalMutation } from './_generated/server'
import {
  heartbeatMutation,
  registeringMutation,
  userAction,
  userMutation,
  userQuery,
  witnessMutation,
  workerMutation,
  workerQuery,
} from './functions'
import { ownedMachine, ownedWorker } from './model/access'
import { cut, identifier, pageOf, whole } from './model/bounds'
import { announceDrain } from './model/drain'
import { refusal } from './model/errors'
import { beat, closeIncarnation, markHung, openIncarnation } from './model/presence'
import { rotateSecret } from './model/rotation'
import { readTimes } from './model/settings'
import { revoke as revokeWorker } from './model/revocation'
import { makeSecret, sha256 } from './model/tokens'
import {
  approval,
  type incarnation,
  model,
  noticedBy,
  offlineEvidence,
  stopCause,
  transition,
  versions,
} from './model/validators'
import { viewWorker, workerView } from './model/views'
import { createWorker, workersOf } from './model/workers'

const times = { heartbeatIntervalMs: v.number(), staleThresholdMs: v.number(), shutdownTimeoutMs: v.number() }

/**
 * Makes a worker on a machine of the caller's, pending approval, and its token, which is shown this once: only its hash is
 * kept. Throws `NOT_FOUND`, `NAME_INVALID`, `NAME_TAKEN` or `LIMIT_REACHED`.
 */
export const create = userAction({
  args: { machineId: v.id('machines'), name: v.string() },
  returns: v.object({ workerId: v.id('workers'), token: v.string() }),
  handler: async (ctx, { machineId, name }): Promise<{ workerId: Id<'workers'>; token: string }> => {
    const secret = makeSecret()
    const workerId: Id<'workers'> = await ctx.runMutation(internal.workers.insert, {
      userId: ctx.userId,
      machineId,
      name,
      secretHash: await sha256(secret),
    })
    return { workerId, token: formatWorkerToken({ machineId, workerId, secret }) }
  },
})

/** The database half of `create`. */
export const insert = internalMutation({
  args: { userId: v.id('users'), machineId: v.id('machines'), name: v.string(), secretHash: v.string() },
  returns: v.id('workers'),
  handler: async (ctx, { userId, machineId, name, secretHash }) => {
    await ownedMachine(ctx, userId, machineId)
    return await createWorker(ctx, { machineId, name, secretHash, approval: 'pending' })
  },
})

/** Lets a pending worker come online: at its next heartbeat, if its process runs. Throws `NOT_FOUND`, `WORKER_REVOKED`. */
export const approve = userMutation({
  args: { workerId: v.id('workers') },
  returns: v.null(),
  handler: async (ctx, { workerId }) => {
    const worker = await ownedWorker(ctx, ctx.userId, workerId)
    if (worker.approval === 'revoked') throw refusal('WORKER_REVOKED')
    await ctx.db.patch('workers', workerId, { approval: 'approved' })
    return null
  },
})

/**
 * Takes every right from a worker, for good: offline in this transaction, its process told why and ended (exit 4), its token
 * worth nothing. Safe to repeat. Throws `NOT_FOUND`.
 */
export const revoke = userMutation({
  args: { workerId: v.id('workers') },
  returns: v.null(),
  handler: async (ctx, { workerId }) => {
    await revokeWorker(ctx, await ownedWorker(ctx, ctx.userId, workerId))
    return null
  },
})

/**
 * Makes a new secret for a worker and answers its token, which is shown this once. The former one is taken as well until the
 * worker has registered with the new one, and for `limits.formerSecretMs` at most. Throws `NOT_FOUND`, `WORKER_REVOKED`.
 */
export const rotate = userAction({
  args: { workerId: v.id('workers') },
  returns: v.object({ token: v.string() }),
  handler: async (ctx, { workerId }): Promise<{ token: string }> => {
    const secret = makeSecret()
    const machineId: Id<'machines'> = await ctx.runMutation(internal.workers.replaceSecret, {
      userId: ctx.userId,
      workerId,
      secretHash: await sha256(secret),
    })
    return { token: formatWorkerToken({ machineId, workerId, secret }) }
  },
})

/** The database half of `rotate`. */
export const replaceSecret = internalMutation({
  args: { userId: v.id('users'), workerId: v.id('workers'), secretHash: v.string() },
  returns: v.id('machines'),
  handler: async (ctx, { userId, workerId, secretHash }) => {
    const worker = await ownedWorker(ctx, userId, workerId)
    if (worker.approval === 'revoked') throw refusal('WORKER_REVOKED')
    await rotateSecret(ctx, worker, secretHash)
    return worker.machineId
  },
})

/** One worker of the caller's. Throws `NOT_FOUND`. */
export const get = userQuery({
  args: { workerId: v.id('workers') },
  returns: workerView,
  handler: async (ctx, { workerId }) => viewWorker(await ownedWorker(ctx, ctx.userId, workerId)),
})

/** The workers of a machine of the caller's, by name. Throws `NOT_FOUND`. */
export const list = userQuery({
  args: { machineId: v.id('machines') },
  returns: v.array(workerView),
  handler: async (ctx, { machineId }) => {
    await ownedMachine(ctx, ctx.userId, machineId)
    return (await workersOf(ctx, machineId)).map(viewWorker)
  },
})

/** A worker's transitions, newest first, with their evidence. Throws `NOT_FOUND`. */
export const events = userQuery({
  args: { workerId: v.id('workers'), paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(
    v.object({
      id: v.id('workerEvents'),
      epoch: v.number(),
      at: v.number(),
      noticedBy,
      what: transition,
    }),
  ),
  handler: async (ctx, { workerId, paginationOpts }) => {
    await ownedWorker(ctx, ctx.userId, workerId)
    const events = await ctx.db
      .query('workerEvents')
      .withIndex('by_worker', (q) => q.eq('workerId', workerId))
      .order('desc')
      .paginate(pageOf(paginationOpts))
    return {
      ...events,
      page: events.page.map(({ _id, epoch, at, noticedBy, what }) => ({
        id: _id,
        epoch,
        at,
        noticedBy,
        what,
      })),
    }
  },
})

/** The models that the worker's opencode offered when it was last ready. Throws `NOT_FOUND`. */
export const models = userQuery({
  args: { workerId: v.id('workers') },
  returns: v.array(model),
  handler: async (ctx, { workerId }) => {
    await ownedWorker(ctx, ctx.userId, workerId)
    const published = await ctx.db
      .query('workerModels')
      .withIndex('by_worker', (q) => q.eq('workerId', workerId))
      .unique()
    return published?.models ?? []
  },
})

function boundedDescription<Described extends Omit<Infer<typeof incarnation>, 'registeredAt' | 'closedAt'>>(
  described: Described,
): Described {
  const { pid, hostname, directory, versions, key, witnessKeyHash } = described
  whole('pid', pid)
  for (const text of [key, witnessKeyHash ?? '', ...Object.values(versions)]) identifier('key', text)
  return { ...described, hostname: cut(hostname), directory: cut(directory) }
}

/**
 * Opens an incarnation. Answers its epoch, which every later call carries, and the times to keep. Safe to repeat with the
 * same `key`. Throws `WORKER_UNKNOWN`, `WRONG_SECRET`, `WORKER_REVOKED`.
 */
export const register = registeringMutation({
  args: {
    hostname: v.string(),
    pid: v.number(),
    directory: v.string(),
    versions,
    key: v.string(),
    witnessKeyHash: v.optional(v.string()),
  },
  returns: v.object({ epoch: v.number(), approval, name: v.string(), ...times }),
  handler: async (ctx, described) => ({
    epoch: await openIncarnation(ctx, ctx.worker, ctx.secretHash, boundedDescription(described)),
    approval: ctx.worker.approval,
    name: ctx.worker.name,
    ...(await readTimes(ctx)),
  }),
})

/**
 * A sign of life: reads and writes one document. `seq` counts beats of this incarnation; one that is not higher than the
 * last is ignored. `online` and `recovered` tell that this beat brought the worker online: it then calls `ready` again. Throws what every call of a worker throws (`model/access`).
 */
export const heartbeat = heartbeatMutation({
  args: { seq: v.number() },
  returns: v.object({ kind: literals('counted', 'repeated', 'online', 'recovered') }),
  handler: async (ctx, { seq }) => ({ kind: await beat(ctx, ctx.lease, whole('seq', seq)) }),
})

/** What a running worker follows: its approval and the times. Re-run when one of them changes, never by heartbeats. */
export const self = workerQuery({
  args: {},
  returns: v.object({ approval, ...times }),
  handler: async (ctx) => ({ approval: ctx.worker.approval, ...(await readTimes(ctx)) }),
})

/** opencode answers: the worker takes work. Throws `WORKER_OFFLINE` until a beat has brought it online. */
export const ready = workerMutation({
  args: { opencodeVersion: v.string() },
  returns: v.null(),
  handler: async (ctx, { opencodeVersion }) => {
    const { worker } = ctx
    identifier('opencodeVersion', opencodeVersion)
    if (worker.status !== 'online') throw refusal('WORKER_OFFLINE')
    const { incarnation } = worker
    await ctx.db.patch('workers', worker._id, {
      phase: worker.runningPrompts > 0 ? 'busy' : 'ready',
      phaseChangedAt: Date.now(),
      incarnation: { ...incarnation, versions: { ...incarnation.versions, opencode: opencodeVersion } },
    })
    return null
  },
})

/** What the worker's opencode offers, in place of what it offered before. Apart from `ready`: opencode takes seconds to list it. */
export const publishModels = workerMutation({
  args: { models: v.array(model) },
  returns: v.null(),
  handler: async (ctx, { models }) => {
    for (const { id, name } of models) identifier('models', id + name)
    const published = { workerId: ctx.worker._id, models: models.slice(0, limits.models) }
    const known = await ctx.db
      .query('workerModels')
      .withIndex('by_worker', (q) => q.eq('workerId', ctx.worker._id))
      .unique()
    if (known) await ctx.db.replace('workerModels', known._id, published)
    else await ctx.db.insert('workerModels', published)
    return null
  },
})

function boundedEvidence(evidence: Infer<typeof offlineEvidence>): Infer<typeof offlineEvidence> {
  const { drainMs, exitCode, signal, message } = evidence
  if (drainMs !== undefined) whole('drainMs', drainMs)
  if (exitCode !== undefined) whole('exitCode', exitCode, { least: -(2 ** 31), most: 2 ** 32 })
  if (signal !== undefined) identifier('signal', signal)
  return { ...evidence, ...(message !== undefined && { message: cut(message) }) }
}

/** The worker was told to stop: it shows as draining and every active chat is told. `deadlineMs` counts from now. */
export const beginDraining = workerMutation({
  args: { cause: stopCause, deadlineMs: v.number() },
  returns: v.null(),
  handler: async (ctx, drain) => {
    whole('deadlineMs', drain.deadlineMs, { most: limits.drainMs })
    await announceDrain(ctx, ctx.worker, drain)
    return null
  },
})

/** Ends the caller's incarnation: offline in this transaction, for good. A crash handler says `crashed`. */
export const goOffline = workerMutation({
  args: { reason: literals('shutdown', 'crashed'), evidence: offlineEvidence },
  returns: v.null(),
  handler: async (ctx, { reason, evidence }) => {
    await closeIncarnation(ctx, ctx.worker, {
      reason,
      noticedBy: 'worker',
      evidence: boundedEvidence(evidence),
    })
    return null
  },
})

/**
 * The supervisor saw its worker end without having said so: offline in this transaction, reason `crashed`; `hung` if it
 * ended the worker itself for not answering. Throws `INCARNATION_CLOSED` if the worker had taken its leave.
 */
export const reportExit = witnessMutation({
  args: {
    cause: v.optional(v.literal('hung')),
    exitCode: v.optional(v.number()),
    signal: v.optional(v.string()),
    message: v.optional(v.string()),
  },
  returns: v.null(),
  handler: async (ctx, evidence) => {
    await closeIncarnation(ctx, ctx.worker, {
      reason: 'crashed',
      noticedBy: 'supervisor',
      evidence: boundedEvidence(evidence),
    })
    return null
  },
})

/** The supervisor's pings are not answered (`isHung`, told again with each of them), or are again. */
export const reportHang = witnessMutation({
  args: { isHung: v.boolean() },
  returns: v.null(),
  handler: async (ctx, { isHung }) => {
    await markHung(ctx, ctx.worker, isHung)
    return null
  },
})
