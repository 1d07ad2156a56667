import fc from 'fast-check'
import type { Value } from 'convex/values'
import { describe, expect, it, vi } from 'vitest'
import type { SchemaShape } from '../fixtures/anything/shape'
import type { Answer } from '../fixtures/anything/steps'
import { FIXTURES, openTestEngine } from '../engine/openTestEngine'
import { commandsOn, type Command } from './anyStep'
import { schemaShapes } from './anyValue'
import { BothEngines, type Said, type Side } from './BothEngines'
import { givenSeed, isLarge, rounds } from './budget'
import { kindOfError } from './kindOfError'
import { walkPages } from './walkPages'

/** Pairs what both answered, remembers the documents that were made, and leaves of errors their kind. */
function compare(both: BothEngines, ours: Said, theirs: Said): Record<Side, unknown> {
  if ('error' in ours || 'error' in theirs) return { ours: errorOf(ours), theirs: errorOf(theirs) }
  return { ours: both.plain(ours.value, 'ours'), theirs: both.plain(theirs.value, 'theirs') }
}

function errorOf(said: Said): unknown {
  return 'error' in said ? { error: kindOfError(said.error) } : said
}

/** The two walk in step as long as they agree. */
function learnIds(
  both: BothEngines,
  ours: Answer[],
  theirs: Answer[],
  steps: readonly { op: string; steps?: unknown }[],
): void {
  for (const [i, { op, steps: inner }] of steps.entries()) {
    const [a, b] = [ours[i], theirs[i]]
    if (!a || !b) return
    if (op === 'insert' && 'value' in a && 'value' in b) both.made(a.value as string, b.value as string)
    if ('nested' in a && 'nested' in b) learnIds(both, a.nested, b.nested, inner as { op: string }[])
  }
}

function withKinds(value: Value): Value {
  if (Array.isArray(value)) return value.map(withKinds)
  if (typeof value !== 'object' || value === null || value instanceof ArrayBuffer) return value
  const { error, nested } = value as Record<string, Value>
  if (typeof error === 'string') return { error: kindOfError(error) }
  return nested === undefined ? value : { nested: withKinds(nested) }
}

async function perform(both: BothEngines, shape: SchemaShape, command: Command): Promise<void> {
  switch (command.kind) {
    case 'run': {
      const { steps, fails } = command
      const { ours, theirs } = await both.call('mutation', 'run', { steps, fails } as unknown as Value)
      if ('value' in ours && 'value' in theirs) {
        learnIds(both, ours.value as unknown as Answer[], theirs.value as unknown as Answer[], steps)
        // Ids of what was scheduled say nothing.
        if (steps.some(({ op }) => op === 'schedule')) return
        expectSame(both, { value: withKinds(ours.value) }, { value: withKinds(theirs.value) })
      } else expectSame(both, ours, theirs)
      return
    }
    case 'read': {
      const { reading } = command
      const { ours, theirs } = await both.call('query', 'read', { reading } as unknown as Value)
      expectSame(both, ours, theirs)
      return
    }
    case 'checked': {
      const { given, answer } = command
      const { ours, theirs } = await both.call('mutation', 'checked', { given, answer })
      expectSame(both, ours, theirs)
      return
    }
    case 'walk':
      return walkPages(both, shape, command.walk, (steps) =>
        perform(both, shape, { kind: 'run', steps, fails: false }),
      )
  }
}

/** All documents in order of creation; those that a scheduled function made are met here first. And what became of what was scheduled. */
async function compareTables(both: BothEngines): Promise<void> {
  const everything = { reading: { order: 'asc', end: 'collect' } }
  const { ours, theirs } = await both.call('query', 'read', everything)
  if ('value' in ours && 'value' in theirs) {
    const [a, b] = [ours.value, theirs.value] as { _id: string }[][]
    for (const [i, { _id }] of (a ?? []).entries()) both.made(_id, b?.[i]?._id ?? '')
  }
  expectSame(both, ours, theirs)
  const scheduled = await both.call('query', 'scheduled', {})
  expectSame(both, scheduled.ours, scheduled.theirs)
}

function expectSame(both: BothEngines, ours: Said, theirs: Said): void {
  const compared = compare(both, ours, theirs)
  expect(compared.ours).toEqual(compared.theirs)
}

describe('compared with convex-test', () => {
  const numRuns = rounds({ small: 12, large: 500 })

  it(
    `gives the same answers for ${numRuns} random schemas and what is done with them`,
    async () => {
      vi.spyOn(console, 'error').mockImplementation(() => undefined)
      const engine = () => openTestEngine({ functionsDir: `${FIXTURES}anything` })
      const scenarios = schemaShapes.chain((shape) =>
        fc.record({ shape: fc.constant(shape), commands: commandsOn(shape) }),
      )
      await fc.assert(
        fc.asyncProperty(scenarios, async ({ shape, commands }) => {
          const ours = await engine()
          try {
            await ours.environment.update([{ name: 'SHAPE', value: JSON.stringify(shape) }])
            await ours.reload()
            const both = new BothEngines(ours, shape)
            for (const command of commands) {
              await perform(both, shape, command)
              await compareTables(both)
            }
          } finally {
            await ours.close()
          }
        }),
        // Shrinking takes longer than the small budget has.
        { seed: givenSeed(), numRuns, endOnFailure: !isLarge },
      )
    },
    60_000 + numRuns * 2_000,
  )
})
