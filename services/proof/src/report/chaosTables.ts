import { bounds, promised } from '../chaos/times'
import type { Longest } from '../chaos/oracle/Trial'
import type { FaultKind } from '../chaos/schedule/Schedule'
import type { ChaosResult } from '../chaos/runChaos'
import type { Surroundings } from './surroundings'
import type { Table } from './Table'
import { formatCount, formatMs } from './words'

type Figures = Omit<ChaosResult, 'schedule' | 'evidence'>

/** What is told of a run of chaos, and where it was. */
export type ChaosFigures = Figures & { surroundings: Surroundings }

/** Of all kinds together, in all rounds. */
export function faultCount({ applied }: Pick<Figures, 'applied'>): number {
  return Object.values(applied).reduce((sum, count) => sum + count, 0)
}

export function chaosTable(figures: Figures): Table {
  const { seeds, seconds, applied, missed, statuses, messages, slackMs, violations } = figures
  const kinds = (Object.entries(applied) as [FaultKind, number][])
    .sort(([, one], [, other]) => other - one)
    .map(([kind, count]) => `${kind} ${formatCount(count)}`)
  const total = faultCount(figures)
  const perSecond = (total / Math.max(1, seconds)).toFixed(1)
  return {
    title: 'Chaos: a fleet broken on purpose',
    rows: [
      ['', ''],
      ['seeds', `${seeds.length}: ${seeds[0]} to ${seeds.at(-1)}`],
      ['faults', `${formatCount(total)} in ${lengthOf(seconds)}, ${perSecond} a second`],
      ['by kind', kinds.join(', ')],
      ['met nobody', formatCount(missed)],
      ['statuses judged', formatCount(statuses)],
      ['messages', formatCount(messages)],
      ['granted', `${formatMs(slackMs)} on top of every promise`],
      ['violations', String(violations.length)],
    ],
  }
}

/** What was shown that was not so, and for how long it may be, before what the machine is granted. */
const wrongs: Record<keyof Longest, [string, number]> = {
  stopped: ['online, though told to stop', promised.stopped],
  crashed: ['online, though dead, and its supervisor lives', promised.crashed],
  supervisorGone: ['online, though its supervisor or launcher is gone', promised.supervisorGone],
  late: ['online, though silent for longer than the stale threshold', promised.late],
  hung: ['not hung, though it stands still', bounds.hung + promised.crashed],
  recovered: ['offline, though nothing is wrong any more', promised.recovered],
  started: ['offline, though it was started', bounds.started],
}

export function longestTable({ longest }: Pick<Figures, 'longest'>): Table {
  const rows = (Object.entries(wrongs) as [keyof Longest, [string, number]][]).map(([name, [what, ms]]) => {
    const shown = longest[name]
    return [what, shown === undefined ? 'never' : formatMs(shown), formatMs(ms)]
  })
  return { title: 'The longest that the page showed it', rows: [['shown', 'longest', 'allowed'], ...rows] }
}

/** `49 min`, `1.2 h`. */
function lengthOf(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(0)} s`
  return seconds < 5_400 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3_600).toFixed(1)} h`
}
