/**
 * The first steps on the embedded backend, done by the CLI with the admin key: whoever can read the data folder is its
 * owner. Secrets come from the caller, as hashes.
 */
import { v } from 'convex/values'
import { limits } from '../contract/limits'
import type { Id } from './_generated/dataModel'
import { internalMutation, type MutationCtx } from './_generated/server'
import { AT_THE_TERMINAL, audit } from './model/audit'
import { createMachine, machineByName } from './model/machines'
import { Tally } from './model/metricsTally'
import { rotateSecret } from './model/rotation'
import { createWorker, workerByName } from './model/workers'

const LOCAL_OWNER_EMAIL = 'owner@localhost'

async function localOwner(ctx: MutationCtx): Promise<Id<'users'>> {
  const known = await ctx.db
    .query('users')
    .withIndex('email', (q) => q.eq('email', LOCAL_OWNER_EMAIL))
    .first()
  if (known && known.isAdmin !== true) await ctx.db.patch('users', known._id, { isAdmin: true })
  return (
    known?._id ??
    (await ctx.db.insert('users', { email: LOCAL_OWNER_EMAIL, name: 'Local owner', isAdmin: true }))
  )
}

/**
 * Makes sure that the local owner has a machine and an approved worker of these names, and that the worker's secret is the
 * one with this hash. Answers `revoked` for a worker that was, which stays so. Throws `NAME_INVALID` or `LIMIT_REACHED`.
 */
export const ensureWorker = internalMutation({
  args: { machineName: v.string(), workerName: v.string(), secretHash: v.string() },
  returns: v.union(
    v.object({ machineId: v.id('machines'), workerId: v.id('workers') }),
    v.literal('revoked'),
  ),
  handler: async (ctx, { machineName, workerName, secretHash }) => {
    const ownerId = await localOwner(ctx)
    const machine = await machineByName(ctx, ownerId, machineName)
    const machineId = machine?._id ?? (await createMachine(ctx, ownerId, machineName))
    const worker = await workerByName(ctx, machineId, workerName)
    if (worker?.approval === 'revoked') return 'revoked'
    if (worker) {
      if (worker.secretHash !== secretHash) {
        await rotateSecret(ctx, worker, secretHash)
        const names = { machine: machineName, worker: workerName }
        await audit(ctx, ownerId, AT_THE_TERMINAL, { kind: 'tokenReplaced', ...names })
      }
      await ctx.db.patch('workers', worker._id, { approval: 'approved' })
      await new Tally().worker(worker, { ...worker, approval: 'approved' }).write(ctx, worker._id)
      return { machineId, workerId: worker._id }
    }
    const workerId = await createWorker(ctx, {
      machineId,
      name: workerName,
      secretHash,
      approval: 'approved',
    })
    return { machineId, workerId }
  },
})

/** Makes a sign-in link for the local owner, usable once within `limits.signInLinkMs`. */
export const createSignInLink = internalMutation({
  args: { tokenHash: v.string() },
  returns: v.null(),
  handler: async (ctx, { tokenHash }) => {
    const userId = await localOwner(ctx)
    await ctx.db.insert('signInLinks', { userId, tokenHash, expiresAt: Date.now() + limits.signInLinkMs })
    return null
  },
})
