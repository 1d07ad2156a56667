import fc from 'fast-check'
import type { Value } from 'convex/values'
import type { Filter, Operand, Range, Reading, Step } from '../fixtures/anything/steps'
import type { Field, SchemaShape, Shape } from '../fixtures/anything/shape'
import { anyValue, bigints, ids, names, objectsOf, valuesOf } from './anyValue'

export type Command =
  | { kind: 'run'; steps: Step[]; fails: boolean }
  | { kind: 'read'; reading: Reading }
  | { kind: 'walk'; walk: PageWalk }
  | { kind: 'checked'; given: Value; answer: Value }

/** Page after page of one query, with steps between them. */
export interface PageWalk {
  query: { range?: Range; order: 'asc' | 'desc'; filter?: Filter }
  maximumRowsRead?: number
  pages: { before: Step[]; numItems: number }[]
}

const orders = fc.constantFrom('asc' as const, 'desc' as const)

/** Mostly what the field at `path` may hold, so that bounds meet documents. */
function operandsAt(path: string, shape: SchemaShape): fc.Arbitrary<Operand> {
  const there = valuesOf(shapeAt(path, shape.fields))
  return fc.oneof(
    { weight: 6, arbitrary: there.map((value) => ({ value })) },
    { weight: 1, arbitrary: anyValue.map((value) => ({ value })) },
    { weight: 1, arbitrary: fc.constant({ missing: true as const }) },
  )
}

function shapeAt(path: string, fields: Record<string, Field>): Shape {
  const [name = '', ...inner] = path.split('.')
  const shape = fields[name]?.shape ?? { type: 'any' }
  return shape.type === 'object' && inner.length > 0 ? shapeAt(inner.join('.'), shape.fields) : shape
}

function rangesOf(shape: SchemaShape): fc.Arbitrary<Range> {
  const choices = fc
    .constantFrom(...Object.entries(shape.indexes))
    .chain(([index, fields]) =>
      fc.record({ index: fc.constant(index), fields: fc.constant(fields), equal: fc.nat(fields.length) }),
    )
  return choices.chain(({ index, fields, equal }) => {
    const next = operandsAt(fields[equal] ?? '', shape)
    const bounds = fc.record({ inclusive: fc.boolean(), operand: next })
    const eq = fc.tuple(...fields.slice(0, equal).map((path) => operandsAt(path, shape)))
    return fc.record(
      {
        index: fc.constant(index),
        // Sometimes the wrong way round, which is refused where it matters.
        fields: fc.oneof({ weight: 9, arbitrary: fc.constant(fields) }, fc.constant(fields.toReversed())),
        eq: eq,
        ...(equal < fields.length ? { lower: bounds, upper: bounds } : {}),
      },
      { requiredKeys: ['index', 'fields', 'eq'], noNullPrototype: true },
    )
  })
}

const COMPARISONS = ['eq', 'neq', 'lt', 'lte', 'gt', 'gte']
const ARITHMETIC = ['add', 'sub', 'mul', 'div', 'mod']

function filtersOf(shape: SchemaShape): fc.Arbitrary<Filter> {
  const { fields, indexes } = shape
  // Ids sort differently in the two.
  const paths = [...Object.keys(fields), ...Object.values(indexes).flat()].filter((path) => path !== 'link')
  const usual = fc.constantFrom(...paths).chain((path) =>
    fc.tuple(
      fc.constantFrom(...COMPARISONS),
      fc.constant<Filter>(['field', path]),
      operandsAt(path, shape).map((operand): Filter => ['literal', operand]),
    ),
  )
  const leaf = fc.oneof(
    fc.constantFrom(...paths).map((path): Filter => ['field', path]),
    fc
      .constantFrom(...paths)
      .chain((path) => operandsAt(path, shape).map((operand): Filter => ['literal', operand])),
  )
  const term = fc.oneof(
    { weight: 4, arbitrary: leaf },
    fc.tuple(fc.constantFrom(...ARITHMETIC), leaf, leaf),
    fc.tuple(fc.constant('neg'), leaf),
  ) as fc.Arbitrary<Filter>
  // Half of these go beyond 64 bits, or divide by zero.
  const int64 = bigints.map((value): Filter => ['literal', { value }])
  const calculation = fc.oneof(
    fc.tuple(fc.constantFrom(...ARITHMETIC), int64, int64),
    fc.tuple(fc.constant('neg'), int64),
  ) as fc.Arbitrary<Filter>
  return fc.letrec<{ test: Filter }>((tie) => ({
    test: fc.oneof(
      { maxDepth: 2, depthSize: 'small' },
      { weight: 8, arbitrary: usual },
      { weight: 2, arbitrary: fc.tuple(fc.constantFrom(...COMPARISONS), term, term) },
      { weight: 2, arbitrary: fc.tuple(fc.constantFrom('and', 'or'), tie('test'), tie('test')) },
      { weight: 1, arbitrary: fc.tuple(fc.constant('not'), tie('test')) },
      { weight: 1, arbitrary: leaf },
      { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...COMPARISONS), calculation, int64) },
    ),
  })).test
}

export function readingsOf(shape: SchemaShape): fc.Arbitrary<Reading> {
  return fc.record(
    {
      range: rangesOf(shape),
      order: orders,
      filter: filtersOf(shape),
      end: fc.constantFrom('collect' as const, 'first' as const, 'unique' as const, 'two' as const),
    },
    { requiredKeys: ['order', 'end'], noNullPrototype: true },
  )
}

function stepsOf(shape: SchemaShape, ...others: fc.Arbitrary<Step>[]): fc.Arbitrary<Step[]> {
  const fitting = objectsOf(shape.fields)
  const unfitting = fc.dictionary(names, anyValue, { maxKeys: 3, noNullPrototype: true })
  const documents = fc.oneof({ weight: 5, arbitrary: fitting }, unfitting) as fc.Arbitrary<Value>
  const insert = fc.record({ op: fc.constant('insert' as const), document: documents })
  const simple: fc.Arbitrary<Step> = fc.oneof(
    { weight: 5, arbitrary: insert },
    fc.record({
      op: fc.constant('patch' as const),
      id: ids,
      fields: documents,
      remove: fc.subarray(Object.keys(shape.fields), { maxLength: 1 }),
    }),
    fc.record({ op: fc.constant('replace' as const), id: ids, document: documents }),
    fc.record({ op: fc.constantFrom('delete' as const, 'get' as const, 'get' as const), id: ids }),
    fc.record({ op: fc.constant('read' as const), reading: readingsOf(shape) }),
    ...others,
  )
  const inner = fc.array(simple, { maxLength: 3 })
  const outer = fc.record({ op: fc.constantFrom('nested' as const), steps: inner, fails: fc.boolean() })
  return fc.array(fc.oneof({ weight: 4, arbitrary: simple }, outer), { minLength: 1, maxLength: 5 })
}

function walksOf(shape: SchemaShape, steps: fc.Arbitrary<Step[]>): fc.Arbitrary<PageWalk> {
  const before = fc.oneof({ weight: 2, arbitrary: fc.constant<Step[]>([]) }, steps)
  const page = fc.record({ before, numItems: fc.constantFrom(1, 1, 2, 3, 7) })
  // Most ranges and filters leave little, which makes poor pages.
  const wholeIndexes = fc
    .constantFrom(...Object.entries(shape.indexes))
    .map(([index, fields]): Range => ({ index, fields, eq: [] }))
  const filters = filtersOf(shape)
  const query = fc.record(
    {
      range: fc.oneof({ weight: 2, arbitrary: wholeIndexes }, rangesOf(shape)),
      order: orders,
      filter: fc.oneof({ weight: 2, arbitrary: filters.map((filter): Filter => ['not', filter]) }, filters),
    },
    { requiredKeys: ['order'], noNullPrototype: true },
  )
  return fc
    .tuple(
      query,
      fc.array(page, { minLength: 1, maxLength: 6, size: 'max' }),
      fc.option(fc.integer({ min: 1, max: 8 })),
    )
    .map(([query, pages, limit]) => ({ query, pages, ...(limit !== null && { maximumRowsRead: limit }) }))
}

/** What is done to both, for a schema. */
export function commandsOn(shape: SchemaShape): fc.Arbitrary<Command[]> {
  const cancel = fc.record({ op: fc.constant('cancel' as const), place: fc.nat(5) })
  const steps = stepsOf(shape, cancel)
  // One that runs is still pending only here, as on a deployment: it would find itself.
  const later = stepsOf(shape)
  const schedule = fc.record({
    ...{ op: fc.constant('schedule' as const), steps: later, fails: fc.boolean(), isFarOff: fc.boolean() },
  })
  const scheduled = fc
    .tuple(schedule, fc.array(cancel, { maxLength: 2 }))
    .map(([step, cancels]): Step[] => [step, ...cancels])
  const command = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('run' as const),
        steps,
        fails: fc.nat(9).map((n) => n === 0),
      }),
    },
    fc.record({ kind: fc.constant('run' as const), steps: scheduled, fails: fc.nat(3).map((n) => n === 0) }),
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('read' as const), reading: readingsOf(shape) }) },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('walk' as const), walk: walksOf(shape, steps) }),
    },
    fc.record({ kind: fc.constant('checked' as const), given: anyValue, answer: anyValue }),
  )
  const first = fc
    .array(objectsOf(shape.fields), { minLength: 4, maxLength: 8, size: 'max' })
    .map((documents): Command => {
      const inserts = documents.map((document): Step => ({ op: 'insert', document }))
      return { kind: 'run', steps: inserts, fails: false }
    })
  const others = fc.array(command, { minLength: 5, maxLength: 20, size: 'max' })
  return fc.tuple(first, others).map(([fill, rest]) => [fill, ...rest])
}
