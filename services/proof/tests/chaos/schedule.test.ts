import { expect, it } from 'vitest'
import { calmIn, firstCalm, NEVER } from '../../src/chaos/oracle/Spans'
import { generateSchedule } from '../../src/chaos/schedule/generateSchedule'
import { schedule } from '../../src/chaos/schedule/Schedule'

const options = { light: 12, real: 2, seconds: 60, faultsPerSecond: 4 }

it('a seed makes the same schedule each time, and another one another', () => {
  expect(generateSchedule({ ...options, seed: 7 })).toEqual(generateSchedule({ ...options, seed: 7 }))
  expect(generateSchedule({ ...options, seed: 8 })).not.toEqual(generateSchedule({ ...options, seed: 7 }))
})

it('a schedule survives its file', () => {
  const made = generateSchedule({ ...options, seed: 7 })
  expect(schedule.parse(JSON.parse(JSON.stringify(made)))).toEqual(made)
})

it('has every kind of fault, in order, on every worker', () => {
  const { faults } = generateSchedule({ ...options, seconds: 2_000, seed: 1 })
  const kinds = new Set(faults.map(({ fault }) => fault.kind))
  expect(kinds).toEqual(
    new Set([
      'signal',
      'kill',
      'freeze',
      'network',
      'backend',
      'duplicate',
      'revoke',
      'clock',
      'block',
      'throw',
      'oom',
    ]),
  )
  expect(faults.map(({ atMs }) => atMs)).toEqual(
    faults.map(({ atMs }) => atMs).sort((one, other) => one - other),
  )
  const slots = new Set(faults.flatMap(({ fault }) => (fault.kind === 'backend' ? [] : [fault.slot])))
  expect(slots.size).toBe(14)
})

it('makes only the kinds that were asked for', () => {
  const { faults } = generateSchedule({ ...options, seed: 1, kinds: ['oom', 'clock'] })
  expect(new Set(faults.map(({ fault }) => fault.kind))).toEqual(new Set(['oom', 'clock']))
})

it('calm is what lies outside of all spans', () => {
  const spans = [{ from: 10, to: 20 }, { from: 15, to: 30 }, { from: 50 }]
  expect(calmIn(spans, 0, 100)).toEqual([
    { from: 0, to: 10 },
    { from: 30, to: 50 },
  ])
  expect(firstCalm(spans, 0, 5)).toBe(0)
  expect(firstCalm(spans, 8, 5)).toBe(31)
  expect(firstCalm(spans, 8, 25)).toBe(NEVER)
})
