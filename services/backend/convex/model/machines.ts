import { limits } from '../../contract/limits'
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx, QueryCtx } from '../_generated/server'
import { refusal } from './errors'
import { cleanName } from './names'

export async function machineByName(
  ctx: QueryCtx,
  ownerId: Id<'users'>,
  name: string,
): Promise<Doc<'machines'> | null> {
  return await ctx.db
    .query('machines')
    .withIndex('by_owner_and_name', (q) => q.eq('ownerId', ownerId).eq('name', name))
    .unique()
}

/** Throws `NAME_INVALID`, `NAME_TAKEN` or `LIMIT_REACHED`. */
export async function createMachine(
  ctx: MutationCtx,
  ownerId: Id<'users'>,
  wantedName: string,
): Promise<Id<'machines'>> {
  const name = cleanName(wantedName)
  if (await machineByName(ctx, ownerId, name))
    throw refusal('NAME_TAKEN', `You already have a machine “${name}”.`)
  const owned = await ctx.db
    .query('machines')
    .withIndex('by_owner_and_name', (q) => q.eq('ownerId', ownerId))
    .take(limits.machinesPerOwner)
  if (owned.length === limits.machinesPerOwner) throw refusal('LIMIT_REACHED')
  return await ctx.db.insert('machines', { ownerId, name, status: 'offline', statusChangedAt: Date.now() })
}
