import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { convexTest } from 'convex-test'
import { MINUTE } from '../contract'
import schema from '../convex/schema'
import { listPrice } from './convexPrices'
import { fleetCost, gigabytes, roughly } from './fleetCost'
import { LOST, measureCosts, type Cost, type Costs, type Sizes } from './measuredCosts'
import { modules } from './setup'

/** The tables of `docs/deployment.md` about cost are what is computed here from what the operations cost. */

const FLEETS = [10, 1_000, 100_000] as const

let costs: Costs
let sizes: Sizes

beforeAll(async () => {
  vi.useFakeTimers({ now: 1_000 * MINUTE })
  const measured = await measureCosts(convexTest({ schema, modules, transactionLimits: true }))
  ;({ costs, sizes } = measured)
  vi.useRealTimers()
}, 60_000)

/** The rows below the heading of the table that is marked `<!-- name -->`, cell by cell. */
function tableOfDoc(name: string): string[][] {
  const doc = readFileSync(join(import.meta.dirname, '../../../docs/deployment.md'), 'utf8')
  const [, after = ''] = doc.split(`<!-- ${name} -->\n\n`)
  const [table = ''] = after.split('\n\n')
  return table
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

function expectInDoc(name: string, rows: readonly (readonly (string | number)[])[]): void {
  const expected = rows.map((row) => row.map(String))
  const asTable = expected.map((row) => `| ${row.join(' | ')} |`).join('\n')
  expect(tableOfDoc(name), `docs/deployment.md, below <!-- ${name} -->, has to say:\n${asTable}\n`).toEqual(
    expected,
  )
}

describe('docs/deployment.md', () => {
  it('says what each operation costs', () => {
    const row = (what: string, { calls, read, written, scheduled, bytes }: Cost) => [
      ...[what, calls, read, written, scheduled],
      `${roughly(bytes / 1_000)} kB`,
    ]
    expectInDoc('operations', [
      row('a heartbeat', costs.heartbeat),
      row('a worker starts: registers, is ready, publishes ten models', costs.start),
      row('a worker crashes', costs.crash),
      row('a lost worker is heard again', costs.recovery),
      row('the fleet is judged for alerts', costs.judgement),
      row('a sweep that finds nobody', costs.idleSweep),
      row(`a sweep that finds ${LOST}`, costs.findingSweep),
      row('the four things that a worker follows, read again', costs.ownViews),
      row('a machine with ten workers, read again for an open page', costs.machineView),
      row('an append to an answer, halfway', costs.append),
      row('the chat that shows it, read again', costs.chatView),
      row('a whole answer of 50 appends, without who follows it', costs.answer),
      row('a scrape of metrics', costs.scrape),
    ])
  })

  it('says what fleets cost in a month', () => {
    const fleets = FLEETS.map((workers) => fleetCost(workers, costs, sizes))
    const row = (what: string, of: (cost: (typeof fleets)[number]) => string) => [what, ...fleets.map(of)]
    expectInDoc('fleets', [
      row('function calls', ({ calls }) => roughly(calls)),
      row('of these heartbeats', ({ callsBy }) => roughly(callsBy.heartbeats)),
      row('of these chats and who follows them', ({ callsBy }) => roughly(callsBy.chats)),
      row('of these scheduled functions', ({ callsBy }) => roughly(callsBy['sweeps and alerts'])),
      row('database I/O', ({ bytes }) => `${gigabytes(bytes)} GB`),
      row('of this heartbeats', ({ bytesBy }) => `${gigabytes(bytesBy.heartbeats)} GB`),
      row('of this chats and who follows them', ({ bytesBy }) => `${gigabytes(bytesBy.chats)} GB`),
      row('storage, when it has stopped growing', ({ storedBytes }) => `${gigabytes(storedBytes)} GB`),
      row('heartbeats a second', ({ mutationsPerSecond }) => roughly(mutationsPerSecond)),
      row('connections held open', ({ sockets }) => roughly(sockets)),
      row('the least plan that holds these', (cost) => listPrice(cost).plan),
      row('what it asks for the above', (cost) => `$${roughly(listPrice(cost).dollars)}`),
    ])
  })
})

describe('the cost of a fleet', () => {
  it('grows with its workers, and not faster', () => {
    const [small, large] = [1_000, 100_000].map((workers) => fleetCost(workers, costs, sizes))
    if (!small || !large) throw new Error('two fleets')
    // But for the sweeps, which each open page follows: as often whatever the fleet, on as many more pages.
    expect(large.calls / small.calls).toBeLessThanOrEqual(100)
    expect(large.bytes / small.bytes).toBeLessThanOrEqual(100)
  })
})
