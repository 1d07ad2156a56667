/**
 * What the backend does by itself: the sweep, and the later steps of what did not fit one transaction or has a term. Owns
 * nothing: the rules are in `model/`. Scheduled by `crons.ts`, by the rules and by the steps themselves.
 */
import { v } from 'convex/values'
import { internalMutation } from './_generated/server'
import { interruptAnswers } from './model/interruption'
import { endFormerSecret } from './model/rotation'
import { failWaiting, removeRestOfMachine as removeRest } from './model/revocation'
import { sweep, type StaleWorkersCleanupResult } from './model/sweep'

/** Marks workers offline whose last heartbeat is older than the stale threshold (default 90 s). */
export const detectStaleWorkers = internalMutation({
  args: {},
  returns: v.object({
    success: v.boolean(),
    markedOfflineCount: v.number(),
    affectedMachineIds: v.array(v.string()),
  }),
  handler: async (ctx, _args): Promise<StaleWorkersCleanupResult> => sweep(ctx),
})

/** Goes on closing what a worker was writing when it went offline, where one transaction was not enough. */
export const interruptAnswersOf = internalMutation({
  args: { workerId: v.id('workers'), epoch: v.number() },
  returns: v.null(),
  handler: async (ctx, { workerId, epoch }) => {
    await interruptAnswers(ctx, workerId, epoch)
    return null
  },
})

/** Goes on failing what waited for a worker that was revoked, where one transaction was not enough. */
export const failWaitingOf = internalMutation({
  args: { workerId: v.id('workers') },
  returns: v.null(),
  handler: async (ctx, { workerId }) => {
    await failWaiting(ctx, workerId)
    return null
  },
})

/** The next step of the end of a machine that its owner removed. */
export const removeRestOfMachine = internalMutation({
  args: { machineId: v.id('machines'), isGraceOver: v.boolean() },
  returns: v.null(),
  handler: async (ctx, { machineId, isGraceOver }) => {
    await removeRest(ctx, machineId, isGraceOver)
    return null
  },
})

/** The former secret of a worker has been taken for long enough. */
export const endFormerSecretOf = internalMutation({
  args: { workerId: v.id('workers'), hash: v.string() },
  returns: v.null(),
  handler: async (ctx, { workerId, hash }) => {
    await endFormerSecret(ctx, workerId, hash)
    return null
  },
})
