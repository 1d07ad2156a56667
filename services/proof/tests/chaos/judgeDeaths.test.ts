import { expect, it } from 'vitest'
import type { ProcessTruth, RunTruth, WorkerHistory } from '../../src/chaos/oracle/history'
import { judgeDeaths } from '../../src/chaos/oracle/judgeDeaths'

const DEAD_AT = 50_000

function process(role: ProcessTruth['role'], pid: number, more: Partial<ProcessTruth> = {}): ProcessTruth {
  return { pid, role, bornAt: 0, aliveAt: 90_000, frozen: [], ...more }
}

function run(workers: ProcessTruth[], more: Partial<RunTruth> = {}): RunTruth {
  const above = { launcher: process('launcher', 5), supervisor: process('supervisor', 6) }
  return { startedAt: 0, ...above, workers, guards: [], opencodes: [], ...more }
}

const ended = (more: Partial<ProcessTruth> = {}) => process('worker', 7, { deadAt: DEAD_AT, ...more })

function judge(one: RunTruth, more: Partial<WorkerHistory> = {}): string[] {
  return judgeDeaths({ name: 'w', claims: [], runs: [one], network: [], ...more }).map(({ text }) => text)
}

it('a worker that ends by itself is found, whatever its network does', () => {
  const network = [{ from: 40_000, network: 'cut' as const }]
  expect(judge(run([ended()]), { network })).toEqual(['pid 7 ended although nothing was done to it'])
})

it('one that lives on, and one after another that was killed, are right', () => {
  expect(judge(run([ended({ hurtAt: DEAD_AT - 100 }), process('worker', 8)]))).toEqual([])
})

it.each<[string, RunTruth, Partial<WorkerHistory>]>([
  ['it was killed', run([ended({ hurtAt: 49_900 })]), {}],
  ['it was told to stop', run([ended({ askedAt: 49_000 })]), {}],
  ['its supervisor was told to stop', run([ended()], { askedAt: 49_000 }), {}],
  [
    'its supervisor was killed',
    run([ended()], { supervisor: process('supervisor', 6, { hurtAt: 49_000 }) }),
    {},
  ],
  ['its launcher was gone', run([ended()], { launcher: process('launcher', 5, { deadAt: 49_000 }) }), {}],
  ['it was revoked', run([ended()]), { revokedAt: 49_000 }],
  ['it stood still for too long', run([ended({ frozen: [{ from: 43_000, to: 49_500 }] })]), {}],
])('is right where %s', (_why, one, more) => {
  expect(judge(one, more)).toEqual([])
})

it('is right where another start of its token took over', () => {
  const one = run([ended()])
  const other = run([process('worker', 9, { bornAt: 48_000 })], { startedAt: 48_000 })
  expect(judge(one, { runs: [one, other] })).toEqual([])
})

it('is wrong where the reason came later', () => {
  expect(judge(run([ended()]), { revokedAt: DEAD_AT + 1 })).toHaveLength(1)
  expect(judge(run([ended({ hurtAt: DEAD_AT + 1 })]))).toHaveLength(1)
})
