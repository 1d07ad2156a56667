/**
 * What a worker may do, decided by the owner of its machine: made, approved, given a new token, revoked. A secret is made in an
 * action, told once, and kept as a hash.
 */
import { v } from 'convex/values'
import { formatWorkerToken } from '../contract/workerToken'
import { internal } from './_generated/api'
import type { Id } from './_generated/dataModel'
import { internalMutation } from './_generated/server'
import { userAction, userMutation } from './functions'
import { ownedMachine, ownedWorker } from './model/access'
import { refusal } from './model/errors'
import { revoke as revokeWorker } from './model/revocation'
import { rotateSecret } from './model/rotation'
import { makeSecret, sha256 } from './model/tokens'
import { createWorker } from './model/workers'

/**
 * Makes a worker on a machine of the caller's, pending approval, and its token, which is shown this once: only its hash is
 * kept. Throws `NOT_FOUND`, `NAME_INVALID`, `NAME_TAKEN` or `LIMIT_REACHED`.
 */
export const create = userAction({
  args: { machineId: v.id('machines'), name: v.string() },
  returns: v.object({ workerId: v.id('workers'), token: v.string() }),
  handler: async (ctx, { machineId, name }): Promise<{ workerId: Id<'workers'>; token: string }> => {
    const secret = makeSecret()
    const workerId: Id<'workers'> = await ctx.runMutation(internal.workerAccess.insert, {
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
    const machineId: Id<'machines'> = await ctx.runMutation(internal.workerAccess.replaceSecret, {
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
