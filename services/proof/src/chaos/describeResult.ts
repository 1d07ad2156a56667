import type { ChaosResult } from './runChaos'
import type { FaultKind } from './schedule/Schedule'

/** Of all kinds together, in all rounds. */
export function faultCount({ applied }: ChaosResult): number {
  return Object.values(applied).reduce((sum, count) => sum + count, 0)
}

/** For a person at a terminal. */
export function describeResult(result: ChaosResult): string {
  const { seeds, seconds, applied, missed, statuses, messages, longest, slackMs, violations } = result
  const counts = Object.entries(applied) as [FaultKind, number][]
  const total = faultCount(result)
  const rows: [string, string][] = [
    ['seeds', seeds.join(', ')],
    ['faults', `${total} in ${seconds.toFixed(0)} s, ${(total / Math.max(1, seconds)).toFixed(1)} a second`],
    ...counts
      .sort(([, one], [, other]) => other - one)
      .map(([kind, count]): [string, string] => [`  ${kind}`, String(count)]),
    ['  met nobody', String(missed)],
    ['statuses judged', String(statuses)],
    ['messages', String(messages)],
    ['granted', `${slackMs} ms on top of every promise`],
    ...Object.entries(longest).map(([name, ms]): [string, string] => [`longest: ${name}`, `${ms} ms`]),
    ['violations', String(violations.length)],
  ]
  const table = rows.map(([name, value]) => `${name.padEnd(24)} ${value}`).join('\n')
  const first = violations[0]
  if (!first) return table
  const told = violations.map(({ rule, worker, text }) => `- ${rule}, worker ${worker}: ${text}`)
  return [
    ...[table, '', 'Violations', ...told, '', 'What happened', result.evidence, ''],
    ...[`Schedule (seed ${seeds.at(-1)}; replay it with --schedule FILE)`, JSON.stringify(result.schedule)],
  ].join('\n')
}
