import fc from 'fast-check'
import { convexToJson, jsonToConvex, type Value } from 'convex/values'
import type { Field, SchemaShape, Shape } from '../fixtures/anything/shape'

const NAMES = ['a', 'b', 'c', 'Z', 'x1']
/** Met often, so that indexes and filters find something. */
const STRINGS = ['', 'a', 'b', 'Z', 'ä', '\u{1F600}', '\uFFFD', '\0', 'a\u0301']
const NUMBERS = [0, -0, 1, -1, 1.5, 2 ** 53, 5e-324, 1e300, Infinity, -Infinity, NaN]
const BIGINTS = [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n)]

const strings = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...STRINGS) },
  fc.string({ unit: 'binary', maxLength: 4 }),
)
const numbers = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...NUMBERS) }, fc.double())
export const bigints = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...BIGINTS) },
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
)
const bytes = fc.uint8Array({ maxLength: 3 }).map((array): Value => array.slice().buffer)
export const names = fc.constantFrom(...NAMES)
/** The nth document that was made, or one that never was. */
export const ids = fc.nat(12).map((n) => `#${n}`)

const leaves: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  ...[strings, numbers, bigints, fc.boolean(), bytes],
)

/** Chains of arrays and objects; a document may be 16 deep. */
const deepOnes: fc.Arbitrary<Value> = fc
  .tuple(leaves, fc.array(fc.boolean(), { minLength: 4, maxLength: 12, size: 'max' }))
  .map(([leaf, levels]) => levels.reduce<Value>((inner, isArray) => (isArray ? [inner] : { a: inner }), leaf))

/** Without ids, which sort differently in the two. */
export const anyValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    { weight: 4, arbitrary: leaves },
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    deepOnes,
  ),
})).value

/** Values that a validator accepts. */
export function valuesOf(shape: Shape): fc.Arbitrary<Value> {
  switch (shape.type) {
    case 'string':
      return strings
    case 'number':
      return numbers
    case 'bigint':
      return bigints
    case 'boolean':
      return fc.boolean()
    case 'bytes':
      return bytes
    case 'null':
      return fc.constant(null)
    case 'any':
      return anyValue
    case 'id':
      return ids
    case 'literal':
      return fc.constant(jsonToConvex(shape.value))
    case 'union':
      return fc.oneof(...shape.of.map(valuesOf))
    case 'array':
      return fc.array(valuesOf(shape.of), { maxLength: 3 })
    case 'record':
      return fc.dictionary(names, valuesOf(shape.of), { maxKeys: 3, noNullPrototype: true })
    case 'object':
      return objectsOf(shape.fields)
  }
}

export function objectsOf(fields: Record<string, Field>): fc.Arbitrary<Value> {
  const required = Object.keys(fields).filter((name) => fields[name]?.optional === false)
  const values = Object.fromEntries(
    Object.entries(fields).map(([name, { shape }]) => [name, valuesOf(shape)]),
  )
  return fc.record(values, { requiredKeys: required, noNullPrototype: true })
}

const literals = fc.oneof(strings, fc.boolean(), bigints, fc.constantFrom(1, -1, 1.5))

const shapes = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    fc.constantFrom<Shape[]>(
      { type: 'string' },
      { type: 'number' },
      { type: 'bigint' },
      { type: 'boolean' },
      { type: 'bytes' },
      { type: 'null' },
      { type: 'any' },
    ),
    literals.map((value): Shape => ({ type: 'literal', value: convexToJson(value) })),
    fc.array(tie('shape'), { minLength: 2, maxLength: 3 }).map((of): Shape => ({ type: 'union', of })),
    fc.record({ type: fc.constantFrom('array' as const, 'record' as const), of: tie('shape') }),
    fieldsOf(tie('shape')).map((fields): Shape => ({ type: 'object', fields })),
  ),
})).shape

function fieldsOf(shape: fc.Arbitrary<Shape>): fc.Arbitrary<Record<string, Field>> {
  const field = fc.record({ shape, optional: fc.boolean() })
  return fc.dictionary(names, field, { minKeys: 1, maxKeys: 3, noNullPrototype: true })
}

/** A table of random fields and one that holds ids, with indexes over one to three of the former and what is in them. */
export const schemaShapes: fc.Arbitrary<SchemaShape> = fieldsOf(shapes).chain((fields) => {
  const paths = Object.entries(fields).flatMap(([name, { shape }]) => [
    name,
    ...(shape.type === 'object' ? Object.keys(shape.fields).map((inner) => `${name}.${inner}`) : []),
  ])
  const indexes = fc.array(fc.uniqueArray(fc.constantFrom(...paths), { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 3,
  })
  return indexes.map((chosen) => ({
    fields: { ...fields, link: { shape: { type: 'id' }, optional: true } },
    indexes: Object.fromEntries(chosen.map((path, i) => [`by_${i}`, path])),
  }))
})
