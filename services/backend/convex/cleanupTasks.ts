/**
 * What the backend does by itself: the sweep, and the later steps of what did not fit one transaction or has a term. Owns
 * nothing: the rules are in `model/`. Scheduled by `crons.ts`, by the rules and by the steps themselves.
 */
import { v } from 'convex/values'
import { internal } from './_generated/api'
import { internalMutation } from './_generated/server'
import { removeRestOfAccount as removeAccount } from './model/accounts'
import { deleteOldAlerts as deleteAlerts } from './model/alertRetention'
import { deleteDeliveriesOf } from './model/deliveries'
import { settleFlapping as settle } from './model/flapping'
import { shortenChat as shorten } from './model/chatLength'
import { interruptAnswers } from './model/interruption'
import { Tally } from './model/metricsTally'
import { expireRequest as expire } from './model/requests'
import { haltRollout as halt } from './model/rollouts'
import { endFormerSecret } from './model/rotation'
import {
  failWaiting,
  removeRestOfMachine as removeMachine,
  removeRestOfWorker as removeWorker,
} from './model/revocation'
import { endChats } from './model/shares'
import { endToken } from './model/tokenTerm'
import { deleteOld, deleteOldChats as deleteChats, deleteOldEvents as deleteEvents } from './model/retention'
import {
  deleteExcess as deleteTooMany,
  deleteExcessEvents as deleteTooManyEvents,
} from './model/retentionByCount'
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
    const tally = new Tally()
    await interruptAnswers(ctx, workerId, epoch, tally)
    await tally.write(ctx, workerId)
    return null
  },
})

/** A worker that was told to restart or stop with its whole machine has had its time. */
export const haltRollout = internalMutation({
  args: { machineId: v.id('machines'), workerId: v.id('workers'), epoch: v.number() },
  returns: v.null(),
  handler: async (ctx, { machineId, ...current }) => {
    await halt(ctx, machineId, current)
    return null
  },
})

/** Looks again at a worker that has failed too often. */
export const settleFlapping = internalMutation({
  args: { workerId: v.id('workers') },
  returns: v.null(),
  handler: async (ctx, { workerId }) => {
    await settle(ctx, workerId)
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

/** Ends the chats of somebody who may not use a worker any more. */
export const endChatsOf = internalMutation({
  args: { userId: v.id('users'), workerId: v.id('workers') },
  returns: v.null(),
  handler: async (ctx, { userId, workerId }) => {
    await endChats(ctx, userId, workerId)
    return null
  },
})

/** The next step of the end of a worker that its owner removed. */
export const removeRestOfWorker = internalMutation({
  args: { workerId: v.id('workers') },
  returns: v.null(),
  handler: async (ctx, { workerId }) => {
    await removeWorker(ctx, workerId)
    return null
  },
})

/** The next step of the end of a machine that its owner removed. */
export const removeRestOfMachine = internalMutation({
  args: { machineId: v.id('machines'), isGraceOver: v.boolean() },
  returns: v.null(),
  handler: async (ctx, { machineId, isGraceOver }) => {
    await removeMachine(ctx, machineId, isGraceOver)
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

/** The token of a worker has lasted for as long as it was given. */
export const endTokenOf = internalMutation({
  args: { workerId: v.id('workers'), expiresAt: v.number() },
  returns: v.null(),
  handler: async (ctx, { workerId, expiresAt }) => {
    await endToken(ctx, workerId, expiresAt)
    return null
  },
})

/** The next step of the end of a webhook that was removed. */
export const removeRestOfWebhook = internalMutation({
  args: { webhookId: v.id('webhooks') },
  returns: v.null(),
  handler: async (ctx, { webhookId }) => {
    const isOver = await deleteDeliveriesOf(ctx, webhookId)
    if (!isOver) await ctx.scheduler.runAfter(0, internal.cleanupTasks.removeRestOfWebhook, { webhookId })
    return null
  },
})

/** Nobody has replied to what opencode asked. */
export const expireRequest = internalMutation({
  args: { requestId: v.id('requests') },
  returns: v.null(),
  handler: async (ctx, { requestId }) => {
    await expire(ctx, requestId)
    return null
  },
})

/** The next step of the end of an account. */
export const removeRestOfAccount = internalMutation({
  args: { userId: v.id('users') },
  returns: v.null(),
  handler: async (ctx, { userId }) => {
    await removeAccount(ctx, userId)
    return null
  },
})

/** Begins to delete what is older, or more, than the deployment keeps. Once a day, by `crons.ts`. */
export const applyRetention = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    await deleteOld(ctx)
    await ctx.scheduler.runAfter(0, internal.cleanupTasks.deleteExcess, { cursor: null })
    return null
  },
})

/** Goes on with it, see `model/retention`. Times in ms since 1970. */
export const deleteOldEvents = internalMutation({
  args: { before: v.number(), after: v.number() },
  returns: v.null(),
  handler: async (ctx, { before, after }) => {
    await deleteEvents(ctx, before, after)
    return null
  },
})

/** Goes on with it, see `model/retention`. Times in ms since 1970. */
export const deleteOldChats = internalMutation({
  args: { before: v.number(), after: v.optional(v.number()), workerId: v.optional(v.id('workers')) },
  returns: v.null(),
  handler: async (ctx, which) => {
    await deleteChats(ctx, which)
    return null
  },
})

/** Looks at the workers from `cursor` on, see `model/retentionByCount`. */
export const deleteExcess = internalMutation({
  args: { cursor: v.union(v.string(), v.null()) },
  returns: v.null(),
  handler: async (ctx, { cursor }) => {
    await deleteTooMany(ctx, cursor)
    return null
  },
})

/** Goes on with it, see `model/retentionByCount`. */
export const deleteExcessEvents = internalMutation({
  args: { workerId: v.id('workers'), upTo: v.number() },
  returns: v.null(),
  handler: async (ctx, { workerId, upTo }) => {
    await deleteTooManyEvents(ctx, workerId, upTo)
    return null
  },
})

/** A chat has more messages than are kept. */
export const shortenChat = internalMutation({
  args: { sessionId: v.id('sessions') },
  returns: v.null(),
  handler: async (ctx, { sessionId }) => {
    await shorten(ctx, sessionId)
    return null
  },
})

/** Goes on with it, see `model/alertRetention`. `before` in ms since 1970. */
export const deleteOldAlerts = internalMutation({
  args: { before: v.number() },
  returns: v.null(),
  handler: async (ctx, { before }) => {
    await deleteAlerts(ctx, before)
    return null
  },
})
