/**
 * What a worker may do, decided by the owner of its machine: made, approved, given a policy or a new token, revoked. A secret is
 * made in an action, told once, and kept as a hash.
 */
import { v } from 'convex/values'
import { limits } from '../contract/limits'
import { DAY } from '../contract/time'
import { formatWorkerToken } from '../contract/workerToken'
import { internal } from './_generated/api'
import type { Doc, Id } from './_generated/dataModel'
import { internalMutation } from './_generated/server'
import { userAction, userMutation } from './functions'
import { whole } from './model/bounds'
import { refusal } from './model/errors'
import { Tally } from './model/metricsTally'
import { removeRestOfWorker, revoke as revokeWorker } from './model/revocation'
import { audit } from './model/audit'
import { machineAs, workerAs } from './model/roles'
import { rotateSecret } from './model/rotation'
import { setTerm } from './model/tokenTerm'
import { makeSecret, sha256 } from './model/tokens'
import { policyChoice } from './model/validators'
import { createWorker } from './model/workers'

/** Days that a token lasts, from 1 to `limits.tokenDays`; for ever without. */
const term = v.optional(v.number())

/** In ms since 1970. Throws `ARGUMENT_INVALID`. */
function endOf(term: number | undefined): number | undefined {
  if (term === undefined) return undefined
  return Date.now() + whole('term', term, { least: 1, most: limits.tokenDays }) * DAY
}

const names = (machine: Doc<'machines'>, worker: Doc<'workers'>) => ({
  machine: machine.name,
  worker: worker.name,
})

/**
 * Makes a worker on a machine of the caller's, pending approval, and its token, which is shown this once: only its hash is
 * kept. Throws `NOT_FOUND`, `FORBIDDEN`, `NAME_INVALID`, `NAME_TAKEN`, `LIMIT_REACHED` or
 * `ARGUMENT_INVALID`.
 */
export const create = userAction({
  args: { machineId: v.id('machines'), name: v.string(), term },
  returns: v.object({ workerId: v.id('workers'), token: v.string() }),
  handler: async (ctx, { machineId, name, term }): Promise<{ workerId: Id<'workers'>; token: string }> => {
    const secret = makeSecret()
    const workerId: Id<'workers'> = await ctx.runMutation(internal.workerAccess.insert, {
      userId: ctx.userId,
      machineId,
      name,
      secretHash: await sha256(secret),
      tokenExpiresAt: endOf(term),
    })
    return { workerId, token: formatWorkerToken({ machineId, workerId, secret }) }
  },
})

/** The database half of `create`. */
export const insert = internalMutation({
  args: {
    ...{ userId: v.id('users'), machineId: v.id('machines'), name: v.string() },
    ...{ secretHash: v.string(), tokenExpiresAt: v.optional(v.number()) },
  },
  returns: v.id('workers'),
  handler: async (ctx, { userId, machineId, name, secretHash, tokenExpiresAt }) => {
    const { machine } = await machineAs(ctx, userId, machineId, 'owner')
    const workerId = await createWorker(ctx, { machineId, name, secretHash, approval: 'pending' })
    if (tokenExpiresAt !== undefined) await setTerm(ctx, workerId, tokenExpiresAt)
    await audit(ctx, userId, userId, { kind: 'workerAdded', machine: machine.name, worker: name.trim() })
    return workerId
  },
})

/** Lets a pending worker come online: at its next heartbeat, if its process runs. Throws `NOT_FOUND`, `FORBIDDEN`, `WORKER_REVOKED`. */
export const approve = userMutation({
  args: { workerId: v.id('workers') },
  returns: v.null(),
  handler: async (ctx, { workerId }) => {
    const { worker, machine } = await workerAs(ctx, ctx.userId, workerId, 'owner')
    if (worker.approval === 'revoked') throw refusal('WORKER_REVOKED')
    if (worker.approval === 'approved') return null
    await ctx.db.patch('workers', workerId, { approval: 'approved' })
    await new Tally().worker(worker, { ...worker, approval: 'approved' }).write(ctx, workerId)
    await audit(ctx, ctx.userId, ctx.userId, { kind: 'workerApproved', ...names(machine, worker) })
    return null
  },
})

/**
 * What opencode may do for those who chat with a worker, from its next answer on. Safe to repeat. Throws `NOT_FOUND`,
 * `FORBIDDEN`, `WORKER_REVOKED`.
 */
export const setPolicy = userMutation({
  args: { workerId: v.id('workers'), policy: policyChoice },
  returns: v.null(),
  handler: async (ctx, { workerId, policy }) => {
    const { worker, machine } = await workerAs(ctx, ctx.userId, workerId, 'owner')
    if (worker.approval === 'revoked') throw refusal('WORKER_REVOKED')
    if (policy === (worker.policy ?? 'asSetUp')) return null
    await ctx.db.patch('workers', workerId, { policy: policy === 'asSetUp' ? undefined : policy })
    await audit(ctx, ctx.userId, ctx.userId, { kind: 'policySet', policy, ...names(machine, worker) })
    return null
  },
})

/**
 * Takes every right from a worker, for good: offline in this transaction, its process told why and ended (exit 4), its token
 * worth nothing. Safe to repeat. Throws `NOT_FOUND`, `FORBIDDEN`.
 */
export const revoke = userMutation({
  args: { workerId: v.id('workers') },
  returns: v.null(),
  handler: async (ctx, { workerId }) => {
    const { worker, machine } = await workerAs(ctx, ctx.userId, workerId, 'owner')
    if (worker.approval === 'revoked') return null
    await revokeWorker(ctx, worker)
    await audit(ctx, ctx.userId, ctx.userId, { kind: 'workerRevoked', ...names(machine, worker) })
    return null
  },
})

/**
 * Removes a worker that was revoked: gone from every list in this transaction, its chats and its history deleted in the moments
 * after it. Throws `NOT_FOUND`, `FORBIDDEN`, `WORKER_NOT_REVOKED`.
 */
export const remove = userMutation({
  args: { workerId: v.id('workers') },
  returns: v.null(),
  handler: async (ctx, { workerId }) => {
    const { worker, machine } = await workerAs(ctx, ctx.userId, workerId, 'owner')
    if (worker.approval !== 'revoked') throw refusal('WORKER_NOT_REVOKED')
    await ctx.db.delete('workers', workerId)
    await removeRestOfWorker(ctx, workerId)
    await audit(ctx, ctx.userId, ctx.userId, { kind: 'workerRemoved', ...names(machine, worker) })
    return null
  },
})

/**
 * Makes a new secret for a worker and answers its token, which is shown this once. The former one is taken as well until the
 * worker has registered with the new one, and for `limits.formerSecretMs` at most. Throws `NOT_FOUND`,
 * `FORBIDDEN`, `WORKER_REVOKED`, `ARGUMENT_INVALID`.
 */
export const rotate = userAction({
  args: { workerId: v.id('workers'), term },
  returns: v.object({ token: v.string() }),
  handler: async (ctx, { workerId, term }): Promise<{ token: string }> => {
    const secret = makeSecret()
    const machineId: Id<'machines'> = await ctx.runMutation(internal.workerAccess.replaceSecret, {
      userId: ctx.userId,
      workerId,
      secretHash: await sha256(secret),
      tokenExpiresAt: endOf(term),
    })
    return { token: formatWorkerToken({ machineId, workerId, secret }) }
  },
})

/** The database half of `rotate`. */
export const replaceSecret = internalMutation({
  args: {
    ...{ userId: v.id('users'), workerId: v.id('workers') },
    ...{ secretHash: v.string(), tokenExpiresAt: v.optional(v.number()) },
  },
  returns: v.id('machines'),
  handler: async (ctx, { userId, workerId, secretHash, tokenExpiresAt }) => {
    const { worker, machine } = await workerAs(ctx, userId, workerId, 'owner')
    if (worker.approval === 'revoked') throw refusal('WORKER_REVOKED')
    await rotateSecret(ctx, worker, secretHash)
    await setTerm(ctx, workerId, tokenExpiresAt)
    await audit(ctx, userId, userId, { kind: 'tokenReplaced', ...names(machine, worker) })
    return worker.machineId
  },
})
