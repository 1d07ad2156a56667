/**
 * The builders of every public function. Owns: authentication before a handler runs. Nothing else may use the bare
 * `query`, `mutation` and `action` (lint), so a public function that forgot to ask who calls cannot be written.
 */
import { customAction, customMutation, customQuery } from 'convex-helpers/server/customFunctions'
import { internal } from './_generated/api'
import { action, mutation, query } from './_generated/server'
import {
  authenticateIncarnation,
  authenticateLease,
  authenticateWitness,
  checkSecret,
  requireSignIn,
  type SignIn,
} from './model/access'
import { refusal } from './model/errors'
import { witnessCredentials, workerCredentials } from './model/validators'
import { v } from 'convex/values'

/** For signed-in users: `ctx.userId`, `ctx.authSessionId`. */
export const userQuery = customQuery(query, {
  args: {},
  input: async (ctx) => ({ ctx: await requireSignIn(ctx), args: {} }),
})

/** For signed-in users: `ctx.userId`, `ctx.authSessionId`. */
export const userMutation = customMutation(mutation, {
  args: {},
  input: async (ctx) => ({ ctx: await requireSignIn(ctx), args: {} }),
})

/** For signed-in users: `ctx.userId`, `ctx.authSessionId`. The place for what needs real randomness. */
export const userAction = customAction(action, {
  args: {},
  input: async (ctx) => {
    const signIn: SignIn = await ctx.runQuery(internal.users.signedIn, {})
    return { ctx: signIn, args: {} }
  },
})

/** For the open incarnation of a worker, approved or not: `ctx.worker`. */
export const workerQuery = customQuery(query, {
  args: { credentials: workerCredentials },
  input: async (ctx, { credentials }) => ({
    ctx: { worker: await authenticateIncarnation(ctx, credentials) },
    args: {},
  }),
})

/** For the open incarnation of a worker, approved or not: `ctx.worker`. */
export const workerMutation = customMutation(mutation, {
  args: { credentials: workerCredentials },
  input: async (ctx, { credentials }) => ({
    ctx: { worker: await authenticateIncarnation(ctx, credentials) },
    args: {},
  }),
})

/** For heartbeats: `ctx.lease`. Reads one document where `workerMutation` would read another one besides. */
export const heartbeatMutation = customMutation(mutation, {
  args: { credentials: workerCredentials },
  input: async (ctx, { credentials }) => ({
    ctx: { lease: await authenticateLease(ctx, credentials) },
    args: {},
  }),
})

/** For the open incarnation of an approved worker: what touches chats. */
export const approvedWorkerMutation = customMutation(mutation, {
  args: { credentials: workerCredentials },
  input: async (ctx, { credentials }) => {
    const worker = await authenticateIncarnation(ctx, credentials)
    if (worker.approval !== 'approved') throw refusal('WORKER_NOT_APPROVED')
    return { ctx: { worker }, args: {} }
  },
})

/**
 * For a process that may hold a worker's secret and has no epoch yet: `ctx.presented`, which says whether it does. `register` is
 * the only one: it counts wrong secrets, which a mutation that throws could not.
 */
export const registeringMutation = customMutation(mutation, {
  args: { workerId: v.string(), secret: v.string() },
  input: async (ctx, presented) => ({
    ctx: { presented: await checkSecret(ctx, presented) },
    args: {},
  }),
})

/**
 * For whoever can reach the deployment, signed in or not. Such a function must tell nothing that needs a right, and limit how
 * often it is called if it writes.
 */
export const anybodyQuery = query

/** See `anybodyQuery`. */
export const anybodyAction = action

/** For the supervisor of a worker's open incarnation: `ctx.worker`. It can report an end or a hang, and nothing else. */
export const witnessMutation = customMutation(mutation, {
  args: { witness: witnessCredentials },
  input: async (ctx, { witness }) => ({
    ctx: { worker: await authenticateWitness(ctx, witness) },
    args: {},
  }),
})
