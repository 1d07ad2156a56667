import { budgets } from '../cost/budgets'
import type { Cost, FleetCosts } from '../cost/Cost'
import { foundingDay, ourDay, presenceDay, type DayCost } from '../cost/days'
import type { CostResult } from '../cost/measureCost'
import { founding, presenceReruns } from '../cost/peers'
import type { Table } from './Table'
import { formatCount, formatMillions } from './words'

const HEAD = ['', 'founding system', '`@convex-dev/presence`', 'Rollcall', 'may cost']

const whole = ({ calls, read, written, scheduled }: Cost): string =>
  [calls, read, written, scheduled].map(formatCount).join(' / ')
const rest = ({ read, written, scheduled }: Cost): string =>
  [read, written, scheduled].map(formatCount).join(' / ')

/** One operation a row, in the largest fleet that the peers were counted in, or the largest at all. */
export function operationsTable({ ours, presence, reruns }: CostResult): Table {
  const at = (costs: readonly FleetCosts[]): FleetCosts => {
    const cost = costs.find(({ workers }) => workers === founding.counted.workers) ?? costs.at(-1)
    if (!cost) throw new Error('no fleet was counted')
    return cost
  }
  const [our, their] = [at(ours), at(presence)]
  const size = formatCount(our.workers)
  const isCounted = our.workers === founding.counted.workers
  const idle = ours.map((cost, index): string[] => [
    `sweep that finds nobody, of ${formatCount(cost.workers)}: read`,
    formatCount(founding.idleSweep(cost.workers).read),
    formatCount(presence[index]?.idleSweep.read ?? 0),
    formatCount(cost.idleSweep.read),
    `≤ ${budgets.idleSweepRead}`,
  ])
  const { heartbeat: beat, fiveStale: five } = budgets
  const perDay = (day: DayCost) => formatCount(day.calls / our.workers)
  const all = (cost: FleetCosts | undefined) =>
    cost
      ? `${formatCount(cost.allStale.transactions)}, ≤ ${formatCount(cost.allStale.largest.read)} read`
      : ''
  return {
    title: `Cost of one operation, in a fleet of ${size}`,
    rows: [
      HEAD,
      [
        'heartbeat with what it triggers: calls / read / written / scheduled',
        ...[whole(founding.heartbeat), whole(their.heartbeat), whole(our.heartbeat)],
        `${beat.calls} / ≤ ${beat.read} / ${beat.written} / ${beat.scheduled}`,
      ],
      [
        'list queries run again per heartbeat and viewer',
        ...[founding.reruns, presenceReruns, reruns, budgets.reruns].map(formatCount),
      ],
      ...idle,
      [
        `sweep that finds 5 on 5 machines, of ${size}: read / written / scheduled`,
        isCounted ? rest(founding.counted.fiveStale) : '',
        ...[rest(their.fiveStale), rest(our.fiveStale)],
        `≤ ${five.read} / ≤ ${five.written} / ≤ ${five.scheduled}`,
      ],
      [
        `all of ${formatCount(ours.at(-1)?.workers ?? 0)} stale at once: transactions`,
        ...[founding.allStale, all(presence.at(-1)), all(ours.at(-1))],
        `≤ ${formatCount(budgets.transactionRead)} read in one`,
      ],
      [
        `lists, one run, of ${size}: read`,
        isCounted ? formatCount(founding.counted.fleetListRead) : '',
        ...[their.fleetList.read, our.fleetList.read].map(formatCount),
        'one page',
      ],
      [
        'function calls per worker and day, one viewer',
        ...[foundingDay(our.workers), presenceDay(their), ourDay(our)].map(perDay),
        `≤ ${formatCount(budgets.callsPerWorkerDay)}`,
      ],
    ],
  }
}

/** What fleets cost in a day in which nobody comes or goes: millions of calls, documents read and written. */
export function daysTable({ ours, presence }: CostResult): Table {
  const day = ({ calls, read, written }: DayCost) =>
    [calls, read, written].map((count) => formatMillions(count)).join(' / ')
  return {
    title: 'Cost of a quiet day, in millions: calls / documents read / documents written',
    rows: [
      ['workers', 'founding system', '`@convex-dev/presence`', 'Rollcall'],
      ...ours.map((cost, index) => {
        const their = presence[index]
        return [
          formatCount(cost.workers),
          ...[day(foundingDay(cost.workers)), their ? day(presenceDay(their)) : '', day(ourDay(cost))],
        ]
      }),
    ],
  }
}
