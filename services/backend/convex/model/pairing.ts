/**
 * Workers that want to join, and people who let them: the device flow of RFC 8628, with the worker's own secret in the place of
 * the device code. Owns: `pairings`.
 *
 *   waiting ──approve──▶ approved   (a worker with the secret's hash)
 *      └─────deny──────▶ denied
 *
 * Each ends after `limits.pairingMs`, whatever its state.
 */
import type { Infer } from 'convex/values'
import { limits } from '../../contract/limits'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx, QueryCtx } from '../_generated/server'
import { cut } from './bounds'
import { refusal, tooOften } from './errors'
import { countOne, roomAt } from './rateLimits'
import { sameDigest, sha256 } from './tokens'
import type { joiningHost } from './accessValidators'
import type { refusalView } from './views'

/** RFC 8628, 6.1: no vowels, so that no words come about, and nothing that looks like something else. */
const LETTERS = 'BCDFGHJKLMNPQRSTVWXZ'
const CODE_LENGTH = 8

/** Expired ones deleted along with a new one. */
const EXPIRED_BATCH = 50

/** A new code. Only in actions: randomness in a mutation is seeded, not secret. */
export function makeCode(): string {
  // 240 is a multiple of 20: the bytes above it would favour the first letters.
  const letters: string[] = []
  while (letters.length < CODE_LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(CODE_LENGTH))) {
      if (byte < 240 && letters.length < CODE_LENGTH) letters.push(LETTERS[byte % LETTERS.length] ?? '')
    }
  }
  return letters.join('')
}

/** A code as it is kept, from what a person typed: small letters, dashes and spaces are forgiven. */
export function cleanCode(typed: string): string {
  return typed
    .slice(0, limits.identifierLength)
    .toUpperCase()
    .replace(/[^A-Z]/g, '')
}

/** Throws `LIMIT_REACHED` while too many wait. */
export async function addPairing(
  ctx: MutationCtx,
  { code, secretHash, host }: { code: string; secretHash: string; host: Infer<typeof joiningHost> },
): Promise<{ pairingId: Id<'pairings'>; expiresAt: number }> {
  const now = Date.now()
  const expired = await ctx.db
    .query('pairings')
    .withIndex('by_expiry', (q) => q.lte('expiresAt', now))
    .take(EXPIRED_BATCH)
  for (const { _id } of expired) await ctx.db.delete('pairings', _id)
  const open = await ctx.db
    .query('pairings')
    .withIndex('by_expiry', (q) => q.gt('expiresAt', now))
    .take(limits.pairings)
  if (open.length === limits.pairings) throw refusal('LIMIT_REACHED')
  const expiresAt = now + limits.pairingMs
  const pairingId = await ctx.db.insert('pairings', {
    ...{ code, secretHash, expiresAt, state: { kind: 'waiting' } as const },
    host: boundedHost(host),
  })
  return { pairingId, expiresAt }
}

function boundedHost({ hostname, user, directory, address, workerName }: Infer<typeof joiningHost>) {
  return {
    hostname: cut(hostname),
    user: cut(user),
    directory: cut(directory),
    workerName: workerName.slice(0, limits.nameLength),
    ...(address !== undefined && { address }),
  }
}

/**
 * The worker that waits with this code. Answers a refusal instead of throwing it, so that a wrong code stays counted: of people
 * who try codes, each has `wrongCodes` in `rateLimits`.
 */
export async function waitingWith(
  ctx: MutationCtx,
  userId: Id<'users'>,
  code: string,
): Promise<{ kind: 'found'; pairing: Doc<'pairings'> } | ({ kind: 'refused' } & Infer<typeof refusalView>)> {
  const retryAt = await roomAt(ctx, 'wrongCodes', userId)
  if (retryAt !== undefined) return { kind: 'refused', ...tooOften(retryAt).data }
  const pairing = await ctx.db
    .query('pairings')
    .withIndex('by_code', (q) => q.eq('code', cleanCode(code)))
    .unique()
  if (pairing?.state.kind === 'waiting' && pairing.expiresAt > Date.now()) return { kind: 'found', pairing }
  await countOne(ctx, 'wrongCodes', userId)
  return { kind: 'refused', ...refusal('PAIRING_CODE_INVALID').data }
}

/** The pairing, for the worker that began it. Throws `NOT_FOUND`; for a wrong secret as well. */
export async function pairingOf(
  ctx: QueryCtx,
  pairingId: Id<'pairings'>,
  secret: string,
): Promise<Doc<'pairings'>> {
  const pairing = await ctx.db.get('pairings', pairingId)
  if (pairing === null || !sameDigest(pairing.secretHash, await sha256(secret))) throw refusal('NOT_FOUND')
  return pairing
}
