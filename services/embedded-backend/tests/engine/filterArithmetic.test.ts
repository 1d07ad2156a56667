import { convexToJson, type JSONValue, type Value } from 'convex/values'
import { describe, expect, it } from 'vitest'
import { evaluateFilter } from '../../src/engine/store/evaluateFilter'

const MAX = 2n ** 63n - 1n
const MIN = -(2n ** 63n)

function evaluate(operator: string, ...operands: Value[]): Value | undefined {
  const literals = operands.map((operand): JSONValue => ({ $literal: convexToJson(operand) }))
  const [only = null, ...others] = literals
  return evaluateFilter({}, { [operator]: others.length === 0 ? only : literals })
}

describe('int64 arithmetic in filters', () => {
  it.each([
    ['$add', MAX, 0n, MAX],
    ['$sub', MIN, 0n, MIN],
    ['$mul', 2n ** 62n, -2n, MIN],
    ['$div', -7n, 2n, -3n],
    ['$mod', -7n, 2n, -1n],
    ['$mod', MIN, 2n, 0n],
  ])('%s of %d and %d', (operator, left, right, result) => {
    expect(evaluate(operator, left, right)).toBe(result)
  })

  it.each([
    ['$add', MAX, 1n],
    ['$sub', MIN, 1n],
    ['$mul', 2n ** 62n, 2n],
    ['$div', MIN, -1n],
    ['$mod', MIN, -1n],
  ])('%s of %d and %d fails beyond 64 bits', (operator, left, right) => {
    expect(() => evaluate(operator, left, right)).toThrow('64 bits')
  })

  it('negates all but the least', () => {
    expect(evaluate('$neg', MAX)).toBe(-MAX)
    expect(() => evaluate('$neg', MIN)).toThrow('64 bits')
  })

  it.each(['$div', '$mod'])('%s by zero fails; with floats it is a number', (operator) => {
    expect(() => evaluate(operator, 1n, 0n)).toThrow('zero')
    expect(evaluate(operator, 1, 0)).toBe(operator === '$div' ? Infinity : NaN)
  })

  it.each([
    [1n, 1],
    [1, '1'],
    [null, 1n],
  ])('does not mix %o and %o', (left, right) => {
    expect(() => evaluate('$add', left, right)).toThrow('one kind')
  })
})
