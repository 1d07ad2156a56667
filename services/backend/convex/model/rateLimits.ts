/**
 * How often something may be asked for: token buckets of convex-helpers. Owns: `rateLimits`. A count is part of its transaction:
 * what is to be counted when it fails has to be counted by a mutation that does not fail.
 */
import { defineRateLimits, type RateLimitConfig } from 'convex-helpers/server/rateLimit'
import { MINUTE } from '../../contract/time'
import type { MutationCtx } from '../_generated/server'
import { tooOften } from './errors'

/** So many at once, and as many again, spread evenly, over the period. */
const bucket = (rate: number, period: number) => ({ kind: 'token bucket', rate, period }) as const

const rules = {
  /** Per person: new chats and messages; 20 chats are begun at once. */
  messages: bucket(60, MINUTE),
  /** Per address: accounts made without an invitation. */
  signUps: bucket(10, 60 * MINUTE),
  /** Per address: codes asked for by workers that want to join. */
  pairings: bucket(20, 10 * MINUTE),
  /** Per person: codes that no worker waits with. 20^8 codes, at most 200 of them open: a guess in 10^8. */
  wrongCodes: bucket(10, 10 * MINUTE),
  /** Per worker: registrations with a wrong secret. */
  wrongSecrets: bucket(10, 10 * MINUTE),
  /** Per person: messages to a webhook, to see whether it works. */
  webhookTests: bucket(10, 10 * MINUTE),
} satisfies Record<string, RateLimitConfig>

const { rateLimit, checkRateLimit } = defineRateLimits(rules)

export type RateLimitName = keyof typeof rules

/** Counts one, if there is room. Answers when there will be room again (ms since 1970), or undefined if there was. */
export async function countOne(
  ctx: MutationCtx,
  name: RateLimitName,
  key: string,
): Promise<number | undefined> {
  const { ok, retryAt } = await rateLimit(ctx, { name, key })
  return ok ? undefined : retryAt
}

/** Whether there is room for one, without counting it. Answers as `countOne`. */
export async function roomAt(
  ctx: MutationCtx,
  name: RateLimitName,
  key: string,
): Promise<number | undefined> {
  const { ok, retryAt } = await checkRateLimit(ctx, { name, key })
  return ok ? undefined : retryAt
}

/** Counts one. Throws `RATE_LIMITED` if there is no room. */
export async function requireRoom(ctx: MutationCtx, name: RateLimitName, key: string): Promise<void> {
  const retryAt = await countOne(ctx, name, key)
  if (retryAt !== undefined) throw tooOften(retryAt)
}

/** Where a call comes from, as a key; one for all whose address is not known. */
export async function callerAddress(ctx: Pick<MutationCtx, 'meta'>): Promise<string | undefined> {
  return (await ctx.meta.getRequestMetadata()).ip ?? undefined
}
