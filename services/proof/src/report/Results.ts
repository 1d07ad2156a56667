import { readFile, writeFile } from 'node:fs/promises'
import type { ChaosResult } from '../chaos/runChaos'
import type { BenchResult } from './BenchResult'
import type { Surroundings } from './surroundings'

/** What `docs/benchmarks.md` is made from: of each command the latest that was written. */
export interface Results {
  bench?: BenchResult
  chaos?: ChaosFigures
}

/** What is told of a run of chaos; of its violations, how many. */
export type ChaosFigures = Omit<ChaosResult, 'violations' | 'schedule' | 'evidence'> & {
  surroundings: Surroundings
  violations: number
}

export function figuresOf(
  { violations, schedule: _, evidence: __, ...figures }: ChaosResult,
  surroundings: Surroundings,
): ChaosFigures {
  return { surroundings, ...figures, violations: violations.length }
}

/** What was written before, with what is new. */
export async function addResults(path: string, added: Results): Promise<Results> {
  const before = await readFile(path, 'utf8').then(
    (text) => JSON.parse(text) as Results,
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
      throw error
    },
  )
  const results = { ...before, ...added }
  await writeFile(path, `${JSON.stringify(results)}\n`)
  return results
}
