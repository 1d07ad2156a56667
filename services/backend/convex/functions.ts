/**
 * The builders of every public function. Owns: authentication before a handler runs. Nothing else may use the bare
 * `query`, `mutation` and `action` (lint), so a public function that forgot to ask who calls cannot be written.
 */
import { customAction, customMutation, customQuery } from 'convex-helpers/server/customFunctions'
import { action, mutation, query } from './_generated/server'
import {
  authenticateIncarnation,
  authenticateLease,
  authenticateWitness,
  authenticateWorker,
  requireUserId,
} from './model/access'
import { refusal } from './model/errors'
import { witnessCredentials, workerCredentials } from './model/validators'
import { v } from 'convex/values'

/** For signed-in users: `ctx.userId`. */
export const userQuery = customQuery(query, {
  args: {},
  input: async (ctx) => ({ ctx: { userId: await requireUserId(ctx) }, args: {} }),
})

/** For signed-in users: `ctx.userId`. */
export const userMutation = customMutation(mutation, {
  args: {},
  input: async (ctx) => ({ ctx: { userId: await requireUserId(ctx) }, args: {} }),
})

/** For signed-in users: `ctx.userId`. The only place for what needs real randomness. */
export const userAction = customAction(action, {
  args: {},
  input: async (ctx) => ({ ctx: { userId: await requireUserId(ctx) }, args: {} }),
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

/** For a process that holds a worker's secret and has no epoch yet: `ctx.worker`, `ctx.secretHash`. `register` is the only one. */
export const registeringMutation = customMutation(mutation, {
  args: { workerId: v.string(), secret: v.string() },
  input: async (ctx, presented) => ({
    ctx: await authenticateWorker(ctx, presented),
    args: {},
  }),
})

/** For the supervisor of a worker's open incarnation: `ctx.worker`. It can report an end or a hang, and nothing else. */
export const witnessMutation = customMutation(mutation, {
  args: { witness: witnessCredentials },
  input: async (ctx, { witness }) => ({
    ctx: { worker: await authenticateWitness(ctx, witness) },
    args: {},
  }),
})
