import { useEffect, useState } from 'react'
import { useIsLastKnown } from '../connection/useConnection'
import { ChangeCollector } from './ChangeCollector'
import { changeWords, rollOf } from './changeWords'
import { useFleet } from './useFleet'

/**
 * Tells what changed in the fleet, in batches; nothing while statuses are only last known. It goes on with the `tell` and
 * the `words` of the first time.
 */
export function useFleetChanges(tell: (words: string) => void, words = changeWords): void {
  const machines = useFleet()
  const isLastKnown = useIsLastKnown()
  const [collector] = useState(() => new ChangeCollector(tell, words))
  useEffect(() => {
    if (machines === undefined || isLastKnown) collector.hold()
    else collector.see(rollOf(machines))
  }, [collector, machines, isLastKnown])
  useEffect(() => () => collector.hold(), [collector])
}
