import { api } from '@rollcall/backend/api'
import { errorOf } from '@rollcall/backend/contract'
import type { Id } from '@rollcall/backend/dataModel'
import { useQueries } from 'convex/react'
import { useMemo } from 'react'
import type { WorkerView } from '../presence/WorkerView'

/**
 * The workers of each of these machines, a subscription for each, so that a change is read and sent again for its own
 * machine only. A machine is missing while it is awaited; one that was taken away meanwhile has none. Throws what a query
 * throws besides.
 */
export function useWorkersOf(
  machineIds: readonly Id<'machines'>[],
): ReadonlyMap<Id<'machines'>, WorkerView[]> {
  const wanted = machineIds.join(' ')
  const queries = useMemo(() => {
    const ids = wanted === '' ? [] : (wanted.split(' ') as Id<'machines'>[])
    return Object.fromEntries(
      ids.map((machineId) => [machineId, { query: api.workers.list, args: { machineId } }]),
    )
  }, [wanted])
  const results = useQueries(queries) as Record<string, WorkerView[] | Error | undefined>
  return useMemo(() => {
    const known = new Map<Id<'machines'>, WorkerView[]>()
    for (const [id, result] of Object.entries(results)) {
      if (result instanceof Error && errorOf(result)?.code !== 'NOT_FOUND') throw result
      if (result !== undefined) known.set(id as Id<'machines'>, result instanceof Error ? [] : result)
    }
    return known
  }, [results])
}
