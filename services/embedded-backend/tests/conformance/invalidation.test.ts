import fc from 'fast-check'
import { compareValues, convexToJson, jsonToConvex, type Value } from 'convex/values'
import { describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/types'
import { fieldValue } from '../../src/engine/store/indexKey'
import { operandValue } from '../fixtures/anything/filters'
import type { Range, Reading } from '../fixtures/anything/steps'
import { call, FIXTURES, openTestEngine } from '../engine/openTestEngine'
import { commandsOn, readingsOf } from './anyStep'
import { schemaShapes } from './anyValue'
import { givenSeed, isLarge, rounds } from './budget'

type Documents = Map<string, Value>

function documents(engine: Engine): Documents {
  const { page } = engine.readTable('things', { order: 'asc', cursor: null, numItems: 10_000 })
  return new Map(page.map((row) => [(row as { _id: string })._id, jsonToConvex(row)]))
}

function isWithin(document: Value | undefined, range: Range | undefined): boolean {
  if (document === undefined) return false
  if (!range) return true
  const order = (i: number, operand: Range['eq'][number]) =>
    compareValues(fieldValue(document, range.fields[i] ?? ''), operandValue(operand))
  const { eq, lower, upper } = range
  return (
    eq.every((operand, i) => order(i, operand) === 0) &&
    (!lower || order(eq.length, lower.operand) >= (lower.inclusive ? 0 : 1)) &&
    (!upper || order(eq.length, upper.operand) <= (upper.inclusive ? 0 : -1))
  )
}

/** Whether a document that is or was in the range is another one now, or none. */
function isChanged(before: Documents, after: Documents, range: Range | undefined): boolean {
  const json = (document: Value | undefined) => document && JSON.stringify(convexToJson(document))
  return [...new Set([...before.keys(), ...after.keys()])].some((id) => {
    const [old, now] = [before.get(id), after.get(id)]
    return json(old) !== json(now) && (isWithin(old, range) || isWithin(now, range))
  })
}

/** Real ids for `#3`: the fourth document of now. */
function withIds(value: unknown, ids: string[]): never {
  return JSON.parse(JSON.stringify(value), (_, inner: unknown) => {
    const nth = typeof inner === 'string' ? /^#(\d+)$/.exec(inner)?.[1] : undefined
    return nth === undefined ? inner : (ids[Number(nth) % Math.max(1, ids.length)] ?? inner)
  }) as never
}

describe('subscriptions', () => {
  const numRuns = rounds({ small: 12, large: 500 })

  it(
    `re-run when what they read has changed, and only then (${numRuns} random schemas)`,
    async () => {
      const scenarios = schemaShapes.chain((shape) =>
        fc.record({
          shape: fc.constant(shape),
          readings: fc.array(readingsOf(shape), { minLength: 3, maxLength: 8, size: 'max' }),
          commands: commandsOn(shape),
        }),
      )
      const property = fc.asyncProperty(scenarios, async ({ shape, readings, commands }) => {
        const engine = await openTestEngine({ functionsDir: `${FIXTURES}anything` })
        try {
          await engine.environment.update([{ name: 'SHAPE', value: JSON.stringify(shape) }])
          await engine.reload()
          for (const command of commands) {
            if (command.kind !== 'run' || command.steps.some(({ op }) => op === 'schedule')) continue
            await step(engine, readings, command)
          }
        } finally {
          await engine.close()
        }
      })
      await fc.assert(property, { seed: givenSeed(), numRuns, endOnFailure: !isLarge })
    },
    60_000 + numRuns * 2_000,
  )
})

async function step(
  engine: Engine,
  readings: Reading[],
  command: { steps: unknown; fails: boolean },
): Promise<void> {
  const subscribe = (reading: Reading) =>
    engine.query(call('operations:read', { reading: convexToJson(reading as unknown as Value) }))
  // A range that is refused, or a filter that throws, reads as far as it came.
  const runs = await Promise.all(readings.map(subscribe))
  const before = documents(engine)
  const touched = new Set<number>()
  const stops = runs.map((run, i) => engine.watch(run, () => touched.add(i)))
  const { steps, fails } = command
  const args = { steps: withIds(convexToJson(steps as Value), [...before.keys()]), fails }
  await engine.mutation(call('operations:run', args))
  for (const stop of stops) stop()
  const after = documents(engine)
  for (const [i, reading] of readings.entries()) {
    const run = runs[i]
    if (!run) continue
    const again = await subscribe(reading)
    const reran = touched.has(i)
    const context = JSON.stringify(convexToJson({ reading, command } as unknown as Value))
    if (JSON.stringify(again.outcome) !== JSON.stringify(run.outcome))
      expect(reran, `changed: ${context}`).toBe(true)
    const wholeRange = reading.end === 'collect' && run.outcome.kind === 'ok'
    const changed = isChanged(before, after, reading.range)
    if (wholeRange) expect(reran, `whole range: ${context}`).toBe(changed)
    else if (!changed) expect(reran, `unchanged: ${context}`).toBe(false)
  }
}
