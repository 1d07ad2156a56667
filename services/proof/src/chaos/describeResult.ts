import { chaosTable, longestTable } from '../report/chaosTables'
import { toText } from '../report/Table'
import type { ChaosResult } from './runChaos'

/** For a person at a terminal. */
export function describeResult(result: ChaosResult): string {
  const { violations, evidence, schedule } = result
  const tables = [chaosTable(result), longestTable(result)]
  const figures = tables.map(toText).join('\n\n')
  if (violations.length === 0) return figures
  const told = violations.map(({ rule, worker, text }) => `- ${rule}, worker ${worker}: ${text}`)
  return [
    ...[figures, '', 'Violations', ...told, '', 'What happened', evidence, ''],
    ...[`Schedule (seed ${result.seeds.at(-1)}; replay it with --schedule FILE)`, JSON.stringify(schedule)],
  ].join('\n')
}
