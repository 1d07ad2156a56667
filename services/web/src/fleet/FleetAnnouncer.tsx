import { useState } from 'react'
import { useFleetChanges } from './useFleetChanges'

/** Tells screen readers whose status changed, politely and in batches. */
export function FleetAnnouncer() {
  const [words, setWords] = useState('')
  useFleetChanges(setWords)
  return (
    <div role="status" aria-label="Changes in the fleet" className="sr-only">
      {words}
    </div>
  )
}
