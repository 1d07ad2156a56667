/** Who approved, revoked, rotated, removed, shared and signed in. Owns: `auditEvents`. */
import type { Infer } from 'convex/values'
import type { Id } from '../_generated/dataModel'
import type { MutationCtx } from '../_generated/server'
import type { audited } from './accessValidators'
import { personName } from './views'

/** Whoever holds the admin key or the data folder. */
export const AT_THE_TERMINAL = 'whoever runs the backend'

/** Adds to the trail of `ofUser` that `byUser` did something. */
export async function audit(
  ctx: MutationCtx,
  ofUser: Id<'users'>,
  byUser: Id<'users'> | typeof AT_THE_TERMINAL,
  what: Infer<typeof audited>,
): Promise<void> {
  const by = byUser === AT_THE_TERMINAL ? byUser : personName(await ctx.db.get('users', byUser))
  await ctx.db.insert('auditEvents', { userId: ofUser, by, what })
}
