/**
 * What the backend does by itself: the sweep, and the later steps of what did not fit one transaction or has a term. Owns
 * nothing: each of these gives its subject in `model/` a transaction. Scheduled by `crons.ts`, by the rules and by the steps
 * themselves.
 */
import { v } from 'convex/values'
import { internalMutation } from './_generated/server'
import * as accounts from './model/accounts'
import * as alertRetention from './model/alertRetention'
import * as chatLength from './model/chatLength'
import * as deliveries from './model/deliveries'
import * as flapping from './model/flapping'
import * as interruption from './model/interruption'
import * as requests from './model/requests'
import * as retention from './model/retention'
import * as retentionByCount from './model/retentionByCount'
import * as revocation from './model/revocation'
import * as rollouts from './model/rollouts'
import * as rotation from './model/rotation'
import * as shares from './model/shares'
import { sweep } from './model/sweep'
import * as tokenTerm from './model/tokenTerm'

/** Marks workers offline whose last heartbeat is older than the stale threshold (default 90 s). */
export const detectStaleWorkers = internalMutation({
  args: {},
  returns: v.object({
    success: v.boolean(),
    markedOfflineCount: v.number(),
    affectedMachineIds: v.array(v.string()),
  }),
  handler: sweep,
})

/** Goes on closing what a worker was writing when it went offline, where one transaction was not enough. */
export const interruptAnswersOf = internalMutation({
  args: { workerId: v.id('workers'), epoch: v.number() },
  returns: v.null(),
  handler: (ctx, { workerId, epoch }) => interruption.interruptRest(ctx, workerId, epoch),
})

/** A worker that was told to restart or stop with its whole machine has had its time. */
export const haltRollout = internalMutation({
  args: { machineId: v.id('machines'), workerId: v.id('workers'), epoch: v.number() },
  returns: v.null(),
  handler: (ctx, { machineId, ...current }) => rollouts.haltRollout(ctx, machineId, current),
})

/** Looks again at a worker that has failed too often. */
export const settleFlapping = internalMutation({
  args: { workerId: v.id('workers') },
  returns: v.null(),
  handler: (ctx, { workerId }) => flapping.settleFlapping(ctx, workerId),
})

/** Nobody has replied to what opencode asked. */
export const expireRequest = internalMutation({
  args: { requestId: v.id('requests') },
  returns: v.null(),
  handler: (ctx, { requestId }) => requests.expireRequest(ctx, requestId),
})

/** The former secret of a worker has been taken for long enough. */
export const endFormerSecretOf = internalMutation({
  args: { workerId: v.id('workers'), hash: v.string() },
  returns: v.null(),
  handler: (ctx, { workerId, hash }) => rotation.endFormerSecret(ctx, workerId, hash),
})

/** The token of a worker has lasted for as long as it was given. */
export const endTokenOf = internalMutation({
  args: { workerId: v.id('workers'), expiresAt: v.number() },
  returns: v.null(),
  handler: (ctx, { workerId, expiresAt }) => tokenTerm.endToken(ctx, workerId, expiresAt),
})

/** Goes on failing what waited for a worker that was revoked, where one transaction was not enough. */
export const failWaitingOf = internalMutation({
  args: { workerId: v.id('workers') },
  returns: v.null(),
  handler: (ctx, { workerId }) => revocation.failWaiting(ctx, workerId),
})

/** Ends the chats of somebody who may not use a worker any more. */
export const endChatsOf = internalMutation({
  args: { userId: v.id('users'), workerId: v.id('workers') },
  returns: v.null(),
  handler: (ctx, { userId, workerId }) => shares.endChats(ctx, userId, workerId),
})

/** The next step of the end of a worker that its owner removed. */
export const removeRestOfWorker = internalMutation({
  args: { workerId: v.id('workers') },
  returns: v.null(),
  handler: (ctx, { workerId }) => revocation.removeRestOfWorker(ctx, workerId),
})

/** The next step of the end of a machine that its owner removed. */
export const removeRestOfMachine = internalMutation({
  args: { machineId: v.id('machines'), isGraceOver: v.boolean() },
  returns: v.null(),
  handler: (ctx, { machineId, isGraceOver }) => revocation.removeRestOfMachine(ctx, machineId, isGraceOver),
})

/** The next step of the end of an account. */
export const removeRestOfAccount = internalMutation({
  args: { userId: v.id('users') },
  returns: v.null(),
  handler: (ctx, { userId }) => accounts.removeRestOfAccount(ctx, userId),
})

/** The next step of the end of a webhook that was removed. */
export const removeRestOfWebhook = internalMutation({
  args: { webhookId: v.id('webhooks') },
  returns: v.null(),
  handler: (ctx, { webhookId }) => deliveries.removeRestOfWebhook(ctx, webhookId),
})

/** Begins to delete what is older, or more, than the deployment keeps. Once a day, by `crons.ts`. */
export const applyRetention = internalMutation({
  args: {},
  returns: v.null(),
  handler: retention.applyRetention,
})

/** Goes on with it, see `model/retention`. Times in ms since 1970. */
export const deleteOldEvents = internalMutation({
  args: { before: v.number(), after: v.number() },
  returns: v.null(),
  handler: (ctx, { before, after }) => retention.deleteOldEvents(ctx, before, after),
})

/** Goes on with it, see `model/retention`. Times in ms since 1970. */
export const deleteOldChats = internalMutation({
  args: { before: v.number(), after: v.optional(v.number()), workerId: v.optional(v.id('workers')) },
  returns: v.null(),
  handler: (ctx, which) => retention.deleteOldChats(ctx, which),
})

/** Goes on with it, see `model/alertRetention`. `before` in ms since 1970. */
export const deleteOldAlerts = internalMutation({
  args: { before: v.number() },
  returns: v.null(),
  handler: (ctx, { before }) => alertRetention.deleteOldAlerts(ctx, before),
})

/** Looks at the workers from `cursor` on, see `model/retentionByCount`. */
export const deleteExcess = internalMutation({
  args: { cursor: v.union(v.string(), v.null()) },
  returns: v.null(),
  handler: (ctx, { cursor }) => retentionByCount.deleteExcess(ctx, cursor),
})

/** Goes on with it, see `model/retentionByCount`. */
export const deleteExcessEvents = internalMutation({
  args: { workerId: v.id('workers'), upTo: v.number() },
  returns: v.null(),
  handler: (ctx, { workerId, upTo }) => retentionByCount.deleteExcessEvents(ctx, workerId, upTo),
})

/** A chat has more messages than are kept. */
export const shortenChat = internalMutation({
  args: { sessionId: v.id('sessions') },
  returns: v.null(),
  handler: (ctx, { sessionId }) => chatLength.shortenChat(ctx, sessionId),
})
