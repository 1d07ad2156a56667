/**
 * What of `leftMs` the hooks that run now may use; milliseconds. `wishes` are budgets, theirs first and then those of the ones
 * that follow, undefined where one takes what it gets. Whoever follows keeps its wish, or an equal share if that is less: one
 * that hangs does not use up the time of the others, and time that one leaves goes to the next.
 */
export function hookTime(wishes: readonly (number | undefined)[], leftMs: number): number {
  const left = Math.max(0, leftMs)
  const equal = left / Math.max(1, wishes.length)
  return wishes.slice(1).reduce<number>((rest, wish) => rest - Math.min(wish ?? equal, equal), left)
}
