import fc from 'fast-check'
import type { ValidatorJSON } from 'convex/values'
import { convexTest } from 'convex-test'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MINUTE, errorOf } from '../contract'
import schema from '../convex/schema'
import {
  everything,
  makeWorld,
  publicFunctions,
  witnessOf,
  type PublicFunction,
  type World,
} from './everyFunction'
import { isEverythingAsked } from './isEverythingAsked'
import { modules } from './setup'

/**
 * Arguments of the right types and of the strangest values, and now and then of wrong types, for every public function, by
 * callers who may call it: a correct answer, a refusal with a code or a validation error, never anything else, and nothing
 * changed after an error.
 */

const strings = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', ' ', '\u0000', 'ﷺ'.repeat(400), 'x'.repeat(70_000), '__proto__', 'SIGKILL'),
)
const numbers = fc.oneof(
  fc.integer({ min: -3, max: 40 }),
  fc.double(),
  fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, 0.5, Number.MAX_SAFE_INTEGER, 1e300),
)
/** Not null, for which convex-test's own validation throws a TypeError, and no keys that a client refuses to send. */
const anything = fc.oneof(
  numbers,
  strings,
  fc.boolean(),
  fc.array(fc.integer(), { maxLength: 2 }),
  fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.integer(), { maxKeys: 2, noNullPrototype: true }),
)

/** Values that the validator takes, save one in twenty. `ids`: of every table, since one of a wrong table is an id as well. */
function valuesOf(validator: ValidatorJSON, ids: string[]): fc.Arbitrary<unknown> {
  const right = (): fc.Arbitrary<unknown> => {
    switch (validator.type) {
      case 'object': {
        const fields = Object.entries(validator.value).map(([name, { fieldType, optional }]) => {
          // What a cursor may be is the engine's own matter.
          const value = /cursor$/i.test(name) ? fc.constant(null) : valuesOf(fieldType, ids)
          return [name, optional ? fc.option(value, { nil: undefined }) : value] as const
        })
        return fc
          .record(Object.fromEntries(fields))
          .map((object) =>
            Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)),
          )
      }
      case 'array':
        return fc.array(valuesOf(validator.value, ids), { maxLength: 5 })
      case 'union':
        return fc.oneof(...validator.value.map((member) => valuesOf(member, ids)))
      case 'literal':
        return fc.constant(validator.value)
      case 'id':
        return fc.constantFrom(...ids)
      case 'string':
        return fc.oneof(strings, fc.constantFrom(...ids))
      case 'number':
        return numbers
      case 'boolean':
        return fc.boolean()
      case 'null':
        return fc.constant(null)
      case 'any':
      case 'record':
        return anything
      case 'bigint':
      case 'bytes':
      case 'commitTs':
        throw new Error(`no function takes ${validator.type} yet`)
      default:
        return validator satisfies never
    }
  }
  return fc.oneof({ weight: 19, arbitrary: right() }, { weight: 1, arbitrary: anything })
}

const isValidationError = (error: unknown) =>
  error instanceof Error && error.message.startsWith('Validator error: ')

/** As its owner, as a worker in its own name, and as a supervisor: strange values shall get past the door. */
function callAs(world: World, fn: PublicFunction, args: unknown): Promise<unknown> {
  const given = typeof args === 'object' && args !== null && !Array.isArray(args) ? args : {}
  const who = {
    ...('credentials' in given && { credentials: world.credentials.online }),
    ...('witness' in given && { witness: witnessOf(world.credentials.online) }),
    ...(fn.path === 'workers:register' && {
      workerId: world.worker.workerId as string,
      secret: world.worker.secret,
    }),
  }
  const isWorkers = 'credentials' in given || 'witness' in given || fn.path === 'workers:register'
  const client = isWorkers ? world.t : world.owner.as
  return (client[fn.kind] as (reference: unknown, args: object) => Promise<unknown>)(fn.reference, {
    ...given,
    ...who,
  })
}

describe.each((await publicFunctions()).filter(({ path }) => !path.startsWith('auth:')))('$path', (fn) => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000 * MINUTE }))
  afterEach(() => void vi.useRealTimers())

  it('answers strange arguments, or refuses them with a code and changes nothing', async () => {
    const t = convexTest({ schema, modules, transactionLimits: true })
    const world = await makeWorld(t)
    let known = await everything(world)
    const ids = known.map(({ _id }) => _id as string)
    await fc.assert(
      fc.asyncProperty(valuesOf(fn.args, ids), async (args) => {
        const error: unknown = await callAs(world, fn, args).then(
          () => undefined,
          (thrown: unknown) => thrown ?? new Error('nothing'),
        )
        const before = known
        known = await everything(world)
        if (error === undefined) {
          for (const document of known)
            expect(isSound(document), JSON.stringify(document).slice(0, 400)).toBe(true)
          return
        }
        expect(known).toEqual(before)
        if (errorOf(error) === undefined && !isValidationError(error))
          throw new Error(fn.path, { cause: error })
      }),
      { numRuns: isEverythingAsked ? 30 : 12 },
    )
  })
})

/** Of a size that others can read along, messages and lists of models excepted, which have bounds of their own. */
function isSound(document: object): boolean {
  const isLarge = 'text' in document || 'models' in document
  return holdsOnlyFiniteNumbers(document) && (isLarge || JSON.stringify(document).length < 32_000)
}

/** NaN and the infinities compare with nothing: one in the database makes a rule silently false. */
function holdsOnlyFiniteNumbers(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return true
  return Object.values(value).every(holdsOnlyFiniteNumbers)
}
