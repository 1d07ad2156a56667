import type { RollOfStatuses } from '../fleet/changeWords'

/**
 * Who has crashed since: "api crashed", "3 workers crashed"; undefined if nobody has. Of a worker that crashes again and again
 * it is told once that it does ("api keeps crashing"), not each time.
 */
export function crashWords(before: RollOfStatuses, now: RollOfStatuses): string | undefined {
  const crashed = [...now].flatMap(([id, { name, word, isUnstable }]) => {
    const had = before.get(id)
    if (had === undefined || had.isUnstable) return []
    if (isUnstable) return [{ name, what: 'keeps crashing' }]
    return word === 'crashed' && had.word !== 'crashed' ? [{ name, what: 'crashed' }] : []
  })
  const [first, ...others] = crashed
  if (first === undefined) return undefined
  return others.length === 0 ? `${first.name} ${first.what}` : `${crashed.length} workers crashed`
}
