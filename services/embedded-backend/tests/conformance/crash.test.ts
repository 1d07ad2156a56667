import { describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/types'
import { eventually, FIXTURES, openTestEngine, query, temporaryFolder } from '../engine/openTestEngine'
import { givenSeed, rounds, withSeed } from './budget'
import { expectEachJobOnce, expectIndexesToEqualTables, expectWholeTransfers, tableRows } from './ledgerState'
import { writeUntilKilled, type KillMoment } from './writeUntilKilled'

/** A folder is used by this many rounds before the next one begins empty. */
const ROUNDS_PER_FOLDER = 20
/** Each draws from a seed of its own. */
const WRITERS = 4
const MOMENTS: KillMoment[] = ['writing', 'compacting', 'starting', 'writing', 'compacting']

async function expectNothingLost(engine: Engine, acknowledged: ReadonlyMap<string, number>): Promise<void> {
  const writers = tableRows(engine, 'writers') as { name: string; last: number }[]
  const reached = new Map(writers.map(({ name, last }) => [name, last]))
  for (const [writer, n] of acknowledged) {
    expect(reached.get(writer) ?? 0, `transfers of ${writer}`).toBeGreaterThanOrEqual(n)
  }
  expectWholeTransfers(engine)
  await eventually(async () => (await query(engine, 'ledger:pending')) === 0)
  expectEachJobOnce(engine)
  await expectIndexesToEqualTables(engine)
}

async function checkFolder(dataDir: string, acknowledged: ReadonlyMap<string, number>): Promise<void> {
  const engine = await openTestEngine({ dataDir, functionsDir: `${FIXTURES}ledger` })
  try {
    await expectNothingLost(engine, acknowledged)
  } finally {
    await engine.close()
  }
}

describe('kill -9', () => {
  const count = rounds({ small: 5, large: 200 })
  const seed = givenSeed()

  it(
    `loses nothing that was acknowledged, leaves nothing by half and runs each job once (${count} kills)`,
    () =>
      withSeed(seed, async () => {
        const acknowledged = new Map<string, number>()
        const heard = new Set<string>()
        let dataDir = ''
        for (let round = 0; round < count; round++) {
          if (round % ROUNDS_PER_FOLDER === 0) {
            dataDir = await temporaryFolder()
            acknowledged.clear()
          }
          const moment = MOMENTS[round % MOMENTS.length] ?? 'writing'
          for (const [writer, n] of await writeUntilKilled(dataDir, moment, seed + round * WRITERS)) {
            acknowledged.set(writer, n)
            heard.add(writer)
          }
          await checkFolder(dataDir, acknowledged)
        }
        expect(heard.size).toBe(WRITERS)
      }),
    20_000 + count * 4_000,
  )
})
