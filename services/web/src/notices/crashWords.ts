import type { RollOfStatuses } from '../fleet/changeWords'

/** Who has crashed since: "api crashed", "3 workers crashed"; undefined if nobody has. */
export function crashWords(before: RollOfStatuses, now: RollOfStatuses): string | undefined {
  const crashed = [...now].flatMap(([id, { name, word }]) => {
    const had = before.get(id)?.word
    return word === 'crashed' && had !== undefined && had !== 'crashed' ? [name] : []
  })
  const [first, ...others] = crashed
  if (first === undefined) return undefined
  return others.length === 0 ? `${first} crashed` : `${crashed.length} workers crashed`
}
