import { api } from '@rollcall/backend/api'
import { errorOf } from '@rollcall/backend/contract'
import type { Id } from '@rollcall/backend/dataModel'
import { useQueries } from 'convex/react'
import { useMemo, useState } from 'react'
import type { WorkerView } from '../presence/WorkerView'

/** Machines asked for first: more than a screen, and little enough to be there in a moment. */
const FIRST = 10

/**
 * The workers of each of these machines, a subscription for each, so that a change is read and sent again for its own
 * machine only. A machine is missing while it is awaited, as all but the first are at first; one that was taken away
 * meanwhile has none. Throws what a query throws besides.
 */
export function useWorkersOf(
  machineIds: readonly Id<'machines'>[],
): ReadonlyMap<Id<'machines'>, WorkerView[]> {
  const [areFirstThere, setAreFirstThere] = useState(false)
  const wanted = (areFirstThere ? machineIds : machineIds.slice(0, FIRST)).join(' ')
  const queries = useMemo(() => {
    const ids = wanted === '' ? [] : (wanted.split(' ') as Id<'machines'>[])
    return Object.fromEntries(
      ids.map((machineId) => [machineId, { query: api.workers.list, args: { machineId } }]),
    )
  }, [wanted])
  const results = useQueries(queries) as Record<string, WorkerView[] | Error | undefined>
  const known = useMemo(() => {
    const known = new Map<Id<'machines'>, WorkerView[]>()
    for (const [id, result] of Object.entries(results)) {
      if (result instanceof Error && errorOf(result)?.code !== 'NOT_FOUND') throw result
      if (result !== undefined) known.set(id as Id<'machines'>, result instanceof Error ? [] : result)
    }
    return known
  }, [results])
  if (!areFirstThere && known.size > 0) setAreFirstThere(true)
  return known
}
