/**
 * Workers as they are: seen by people, registered and kept alive by their own processes, watched by their supervisors. The rules
 * of presence are in `model/presence`; these functions only say who may call them. Who may what is in `workerAccess`.
 */
import { literals } from 'convex-helpers/validators'
import { v } from 'convex/values'
import { limits } from '../contract/limits'
import {
  heartbeatMutation,
  registeringMutation,
  userQuery,
  witnessMutation,
  workerMutation,
  workerQuery,
} from './functions'
import { boundedDescription, boundedEvidence, identifier, whole } from './model/bounds'
import { commandOf } from './model/commands'
import { announceDrain } from './model/drain'
import { refusal, tooOften } from './model/errors'
import { beat, closeIncarnation, openIncarnation } from './model/presence'
import { markHung, markReady } from './model/phase'
import { countOne } from './model/rateLimits'
import { machineAs, workerAs } from './model/roles'
import { readTimesOf } from './model/settings'
import { model } from './model/chatValidators'
import { approval, command, offlineEvidence, stopCause, versions } from './model/validators'
import { refusalView, viewWorker, workerView } from './model/views'
import { workersOf } from './model/workers'

const times = { heartbeatIntervalMs: v.number(), staleThresholdMs: v.number(), shutdownTimeoutMs: v.number() }

/** One worker. Throws `NOT_FOUND`. */
export const get = userQuery({
  args: { workerId: v.id('workers') },
  returns: workerView,
  handler: async (ctx, { workerId }) => {
    const { worker, role } = await workerAs(ctx, ctx.userId, workerId, 'viewer')
    return viewWorker(worker, role)
  },
})

/** The workers of a machine, by name. Throws `NOT_FOUND`. */
export const list = userQuery({
  args: { machineId: v.id('machines') },
  returns: v.array(workerView),
  handler: async (ctx, { machineId }) => {
    const { role } = await machineAs(ctx, ctx.userId, machineId, 'viewer')
    return (await workersOf(ctx, machineId)).map((worker) => viewWorker(worker, role))
  },
})

/** The models that the worker's opencode offered when it was last ready. Throws `NOT_FOUND`. */
export const models = userQuery({
  args: { workerId: v.id('workers') },
  returns: v.array(model),
  handler: async (ctx, { workerId }) => {
    await workerAs(ctx, ctx.userId, workerId, 'viewer')
    const published = await ctx.db
      .query('workerModels')
      .withIndex('by_worker', (q) => q.eq('workerId', workerId))
      .unique()
    return published?.models ?? []
  },
})

/**
 * Opens an incarnation. Answers its epoch, which every later call carries, and the times to keep. Safe to repeat with the
 * same `key`. A wrong secret is answered, not thrown: it is counted, and after `wrongSecrets` in `model/rateLimits` told when
 * to try again; the right one is always taken. Throws `WORKER_UNKNOWN`, `WORKER_REVOKED`, `TOKEN_EXPIRED`.
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
  returns: v.union(
    v.object({ kind: v.literal('registered'), epoch: v.number(), approval, name: v.string(), ...times }),
    v.object({ kind: v.literal('refused'), ...refusalView.fields }),
  ),
  handler: async (ctx, described) => {
    const { presented } = ctx
    const { worker } = presented
    const process = boundedDescription(described)
    if (presented.kind === 'wrong') {
      const retryAt = await countOne(ctx, 'wrongSecrets', worker._id)
      const { data } = retryAt === undefined ? refusal('WRONG_SECRET') : tooOften(retryAt)
      return { kind: 'refused' as const, ...data }
    }
    return {
      kind: 'registered' as const,
      epoch: await openIncarnation(ctx, worker, presented.secretHash, process),
      approval: worker.approval,
      name: worker.name,
      ...(await readTimesOf(ctx, worker.machineId)),
    }
  },
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

/**
 * What a running worker follows: its approval, what it is to do (null for nothing), and the times that hold on its machine. Re-run
 * when one of them or its machine's document changes, never by heartbeats.
 */
export const self = workerQuery({
  args: {},
  returns: v.object({ approval, command: v.union(command, v.null()), ...times }),
  handler: async (ctx) => ({
    approval: ctx.worker.approval,
    command: commandOf(ctx.worker),
    ...(await readTimesOf(ctx, ctx.worker.machineId)),
  }),
})

/** opencode answers: the worker takes work. Throws `WORKER_OFFLINE` until a beat has brought it online. */
export const ready = workerMutation({
  args: { opencodeVersion: v.string() },
  returns: v.null(),
  handler: async (ctx, { opencodeVersion }) => {
    const { worker } = ctx
    identifier('opencodeVersion', opencodeVersion)
    await markReady(ctx, worker, opencodeVersion)
    return null
  },
})

/** What the worker's opencode offers, in place of what it offered before. Apart from `ready`: opencode takes seconds to list it. */
export const publishModels = workerMutation({
  args: { models: v.array(model) },
  returns: v.null(),
  handler: async (ctx, { models }) => {
    for (const { id, name } of models) {
      identifier('models.id', id)
      identifier('models.name', name)
    }
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
    noticedAfterMs: v.optional(v.number()),
    restartInMs: v.optional(v.number()),
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
