import { useState } from 'react'
import type { Folds } from './arrangeFleet'

/** What is folded and where a worker is being added; both change by what a person does only. */
export function useFolds(): Folds & {
  toggle: (key: string) => void
  setAdding: (machineId: string, isAdding: boolean) => void
} {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set())
  const [adding, setAdding] = useState<ReadonlySet<string>>(new Set())
  return {
    folded,
    adding,
    toggle: (key) => setFolded((before) => withOr(before, key, !before.has(key))),
    setAdding: (machineId, isAdding) => setAdding((before) => withOr(before, machineId, isAdding)),
  }
}

function withOr(set: ReadonlySet<string>, key: string, isIn: boolean): ReadonlySet<string> {
  const changed = new Set(set)
  if (isIn) changed.add(key)
  else changed.delete(key)
  return changed
}
