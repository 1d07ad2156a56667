import { compareValues, jsonToConvex, type JSONValue, type Value } from 'convex/values'
import { fieldValue } from './indexKey'

type Expression = JSONValue
type Result = Value | undefined

/** Evaluates a `.filter()` expression as `convex/server` serialises it. Throws on operands that Convex refuses. */
export function evaluateFilter(document: Value, expression: Expression): Result {
  const [operator, operand] = soleEntry(expression)
  const evaluate = (inner: Expression) => evaluateFilter(document, inner)
  const pair = (): [Result, Result] => {
    const [left, right] = operand as [Expression, Expression]
    return [evaluate(left), evaluate(right)]
  }
  switch (operator) {
    case '$literal':
      return decodeOperand(operand)
    case '$field':
      return fieldValue(document, operand as string)
    case '$eq':
      return compareValues(...pair()) === 0
    case '$neq':
      return compareValues(...pair()) !== 0
    case '$lt':
      return compareValues(...pair()) < 0
    case '$lte':
      return compareValues(...pair()) <= 0
    case '$gt':
      return compareValues(...pair()) > 0
    case '$gte':
      return compareValues(...pair()) >= 0
    case '$and':
      return (operand as Expression[]).every((inner) => truth(evaluate(inner)))
    case '$or':
      return (operand as Expression[]).some((inner) => truth(evaluate(inner)))
    case '$not':
      return !truth(evaluate(operand))
    case '$neg':
      return negate(evaluate(operand))
    case '$add':
    case '$sub':
    case '$mul':
    case '$div':
    case '$mod':
      return calculate(operator, ...pair())
    default:
      throw new Error(`Unknown filter operator ${operator}`)
  }
}

/** Decodes a bound or literal, where `undefined` stands for a missing field. */
export function decodeOperand(operand: JSONValue): Result {
  const missing = typeof operand === 'object' && operand !== null && Object.hasOwn(operand, '$undefined')
  return missing ? undefined : jsonToConvex(operand)
}

function soleEntry(expression: Expression): [string, JSONValue] {
  const entry =
    typeof expression === 'object' && expression !== null ? Object.entries(expression)[0] : undefined
  if (!entry) throw new Error('Malformed filter expression')
  return entry
}

function truth(value: Result): boolean {
  if (typeof value !== 'boolean') throw new Error(`Filter expected a boolean, got ${typeof value}`)
  return value
}

function negate(value: Result): Result {
  if (typeof value === 'number') return -value
  if (typeof value === 'bigint') return int64(-value)
  throw new Error('Filter arithmetic needs numbers')
}

type Arithmetic = '$add' | '$sub' | '$mul' | '$div' | '$mod'

function calculate(operator: Arithmetic, left: Result, right: Result): Result {
  if (typeof left === 'number' && typeof right === 'number') {
    switch (operator) {
      case '$add':
        return left + right
      case '$sub':
        return left - right
      case '$mul':
        return left * right
      case '$div':
        return left / right
      case '$mod':
        return left % right
    }
  }
  if (typeof left === 'bigint' && typeof right === 'bigint') return calculateInt64(operator, left, right)
  throw new Error('Filter arithmetic needs two numbers of one kind')
}

/** As a deployment does: every step must fit into 64 bits, and a remainder is there only where the quotient is. */
function calculateInt64(operator: Arithmetic, left: bigint, right: bigint): bigint {
  switch (operator) {
    case '$add':
      return int64(left + right)
    case '$sub':
      return int64(left - right)
    case '$mul':
      return int64(left * right)
    case '$div':
      return quotient(left, right)
    case '$mod':
      return left - quotient(left, right) * right
  }
}

function quotient(left: bigint, right: bigint): bigint {
  if (right === 0n) throw new Error('Filter arithmetic divides by zero')
  return int64(left / right)
}

function int64(value: bigint): bigint {
  if (BigInt.asIntN(64, value) === value) return value
  throw new Error('Filter arithmetic goes beyond 64 bits')
}
