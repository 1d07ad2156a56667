import { compareValues, type Value } from 'convex/values'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AFTER, compareKeys, encodeKey, firstText, idKeyOf, keyOf } from '../../src/engine/store/indexKey'
import { anyValue } from '../conformance/anyValue'

const parts = fc.array(fc.option(anyValue, { nil: undefined }), { minLength: 1, maxLength: 3 })

function compareParts(a: (Value | undefined)[], b: (Value | undefined)[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareValues(a[i], b[i])
    if (order !== 0) return Math.sign(order)
  }
  return Math.sign(a.length - b.length)
}

test('keys stand as the values that they are made of', () => {
  const pair = fc.tuple(parts, fc.oneof(parts, fc.constant(null)))
  fc.assert(
    fc.property(pair, ([a, other]) => {
      // Half of the pairs are nearly alike: two values drawn at random hardly ever are.
      const b = other ?? [...a.slice(0, -1), null]
      expect(Math.sign(compareKeys(encodeKey(a), encodeKey(b)))).toBe(compareParts(a, b))
    }),
    { numRuns: 2_000 },
  )
})

test('what is behind a prefix is behind all keys that begin with it, and before all others that follow', () => {
  fc.assert(
    fc.property(parts, parts, parts, (prefix, rest, other) => {
      const bound = encodeKey(prefix) + AFTER
      expect(encodeKey([...prefix, ...rest]) < bound).toBe(true)
      if (compareParts(other.slice(0, prefix.length), prefix) > 0) expect(encodeKey(other) > bound).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

test('a key ends with the id, whatever comes before it', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const key = keyOf(['value', '_id'], { value, _id: 'j57abc' })
      expect(idKeyOf(key)).toBe(encodeKey(['j57abc']))
    }),
  )
})

test('only a text at the beginning is a first text', () => {
  expect(firstText(encodeKey(['a', 1]))).toBe(firstText(encodeKey(['a'])))
  expect(firstText(encodeKey(['a']))).not.toBe(firstText(encodeKey(['b'])))
  expect(firstText(encodeKey([1, 'a']))).toBeUndefined()
  expect(firstText('')).toBeUndefined()
})
