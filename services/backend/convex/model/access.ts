/**
 * Who calls. Owns: the check of users' sign-ins and of workers' and supervisors' credentials. Every public function comes
 * through here by its builder (`functions.ts`); what a person may do then is in `roles.ts`.
 */
import { getAuthSessionId } from '@convex-dev/auth/server'
import type { Infer } from 'convex/values'
import type { Doc, Id } from '../_generated/dataModel'
import type { QueryCtx } from '../_generated/server'
import { refusal } from './errors'
import { sameDigest, sha256 } from './tokens'
import type { witnessCredentials, workerCredentials } from './validators'

/** A person's sign-in on one browser. */
export interface SignIn {
  userId: Id<'users'>
  authSessionId: Id<'authSessions'>
}

/** Who calls, and from which sign-in. Throws `UNAUTHENTICATED` for nobody, and for a sign-in that was ended since. */
export async function requireSignIn(ctx: Pick<QueryCtx, 'auth' | 'db'>): Promise<SignIn> {
  const authSessionId = await getAuthSessionId(ctx)
  const signIn = authSessionId && (await ctx.db.get('authSessions', authSessionId))
  if (!signIn) throw refusal('UNAUTHENTICATED')
  return { userId: signIn.userId, authSessionId: signIn._id }
}

export type Presented =
  { kind: 'right'; worker: Doc<'workers'>; secretHash: string } | { kind: 'wrong'; worker: Doc<'workers'> }

/**
 * The worker that is claimed, and whether with its secret. Throws `WORKER_UNKNOWN`; with the secret also `WORKER_REVOKED` and
 * `TOKEN_EXPIRED`.
 */
export async function checkSecret(
  ctx: QueryCtx,
  presented: { workerId: string; secret: string },
): Promise<Presented> {
  const id = ctx.db.normalizeId('workers', presented.workerId)
  const worker = id && (await ctx.db.get('workers', id))
  if (!worker) throw refusal('WORKER_UNKNOWN')
  const secretHash = await sha256(presented.secret)
  const { formerSecret: former, tokenExpiresAt } = worker
  const isFormer = former !== undefined && former.until > Date.now() && sameDigest(former.hash, secretHash)
  if (!sameDigest(worker.secretHash, secretHash) && !isFormer) return { kind: 'wrong', worker }
  if (worker.approval === 'revoked') throw refusal('WORKER_REVOKED')
  if (tokenExpiresAt !== undefined && tokenExpiresAt <= Date.now()) throw refusal('TOKEN_EXPIRED')
  return { kind: 'right', worker, secretHash }
}

/**
 * The worker that knows this secret, and the secret's hash: after a rotation it may be the former one. Throws `WORKER_UNKNOWN`,
 * `WRONG_SECRET`, `WORKER_REVOKED` or `TOKEN_EXPIRED`.
 */
export async function authenticateWorker(
  ctx: QueryCtx,
  presented: { workerId: string; secret: string },
): Promise<{ worker: Doc<'workers'>; secretHash: string }> {
  const checked = await checkSecret(ctx, presented)
  if (checked.kind === 'wrong') throw refusal('WRONG_SECRET')
  return checked
}

/** A worker with the incarnation that is open: what a call with a valid epoch speaks for. */
export type OpenWorker = Doc<'workers'> & { incarnation: NonNullable<Doc<'workers'>['incarnation']> }

/** The worker, if `epoch` is that of its open incarnation. Throws `SUPERSEDED` with the successor, or `INCARNATION_CLOSED`. */
function openIncarnationOf(worker: Doc<'workers'>, epoch: number): OpenWorker {
  const { incarnation } = worker
  if (incarnation === undefined || !(epoch <= worker.epoch)) throw refusal('INCARNATION_CLOSED')
  if (epoch !== worker.epoch) {
    const { hostname, pid } = incarnation
    throw refusal('SUPERSEDED', `The process on ${hostname} (pid ${pid}) took over.`, {
      successor: { hostname, pid },
    })
  }
  if (incarnation.closedAt !== undefined) throw refusal('INCARNATION_CLOSED')
  return { ...worker, incarnation }
}

/**
 * The worker whose present incarnation calls. Throws what `authenticateWorker` throws, `SUPERSEDED` with the successor for
 * an epoch that is over, `INCARNATION_CLOSED` after a graceful stop and for an epoch that was never opened.
 */
export async function authenticateIncarnation(
  ctx: QueryCtx,
  credentials: Infer<typeof workerCredentials>,
): Promise<OpenWorker> {
  const { worker } = await authenticateWorker(ctx, credentials)
  return openIncarnationOf(worker, credentials.epoch)
}

/**
 * The worker whose supervisor reports. Throws `WORKER_UNKNOWN`, `WRONG_SECRET` for a key that is not this incarnation's, and
 * `INCARNATION_CLOSED` for one that is over, superseded ones included: their key is gone with them.
 */
export async function authenticateWitness(
  ctx: QueryCtx,
  credentials: Infer<typeof witnessCredentials>,
): Promise<OpenWorker> {
  const id = ctx.db.normalizeId('workers', credentials.workerId)
  const worker = id && (await ctx.db.get('workers', id))
  if (!worker) throw refusal('WORKER_UNKNOWN')
  if (credentials.epoch !== worker.epoch) throw refusal('INCARNATION_CLOSED')
  const expected = worker.incarnation?.witnessKeyHash
  if (expected === undefined || !sameDigest(expected, await sha256(credentials.key)))
    throw refusal('WRONG_SECRET')
  return openIncarnationOf(worker, credentials.epoch)
}

/** A worker's sign of life, from a caller that may give it: either its lease runs, or it has to come online first. */
export type Lease =
  | { kind: 'running'; liveness: Doc<'liveness'> }
  | { kind: 'lapsed'; liveness: Doc<'liveness'>; worker: OpenWorker; secretHash: string }

/** The worker's liveness document. Every worker has one from its creation. */
export async function livenessOf(ctx: QueryCtx, workerId: Id<'workers'>): Promise<Doc<'liveness'>> {
  const liveness = await ctx.db
    .query('liveness')
    .withIndex('by_worker', (q) => q.eq('workerId', workerId))
    .unique()
  if (liveness === null) throw new Error(`worker ${workerId} has no liveness document`)
  return liveness
}

/**
 * The lease of the caller, found in one document while it runs; otherwise checked like every other call of a worker.
 * Throws what `authenticateIncarnation` throws.
 */
export async function authenticateLease(
  ctx: QueryCtx,
  credentials: Infer<typeof workerCredentials>,
): Promise<Lease> {
  const id = ctx.db.normalizeId('workers', credentials.workerId)
  if (id === null) throw refusal('WORKER_UNKNOWN')
  const liveness = await ctx.db
    .query('liveness')
    .withIndex('by_worker', (q) => q.eq('workerId', id))
    .unique()
  const secretHash = await sha256(credentials.secret)
  if (liveness?.lease?.epoch === credentials.epoch && sameDigest(liveness.lease.secretHash, secretHash)) {
    return { kind: 'running', liveness }
  }
  const worker = await authenticateIncarnation(ctx, credentials)
  return { kind: 'lapsed', worker, secretHash, liveness: liveness ?? (await livenessOf(ctx, worker._id)) }
}
