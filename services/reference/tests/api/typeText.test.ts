import { v } from 'convex/values'
import { describe, expect, it } from 'vitest'
import { Shapes } from '../../src/api/Shapes'
import { typeText } from '../../src/api/typeText'
import type { ValidatorJSON } from 'convex/values'

const unnamed = () => undefined

function jsonOf(validator: unknown): ValidatorJSON {
  return (validator as { json: ValidatorJSON }).json
}

describe('typeText', () => {
  it.each([
    [v.object({}), '{}'],
    [v.object({ id: v.id('workers'), name: v.optional(v.string()) }), "{ id: Id<'workers'>; name?: string }"],
    [v.array(v.union(v.literal('a'), v.literal(1), v.null())), "('a' | 1 | null)[]"],
    [v.record(v.string(), v.number()), 'Record<string, number>'],
    [
      v.object({ raw: v.bytes(), big: v.int64(), what: v.any() }),
      '{ raw: ArrayBuffer; big: bigint; what: any }',
    ],
    [
      v.object({ page: v.array(v.string()), isDone: v.boolean(), continueCursor: v.string() }),
      'PaginationResult<string>',
    ],
  ])('%#', (validator, text) => {
    expect(typeText(jsonOf(validator), unnamed)).toBe(text)
  })

  it('puts each field on a line of its own where one line would be too long', () => {
    const inner = v.object({
      theFirstOfAllVeryLongNamesOfAField: v.string(),
      yetAnotherAndEvenLongerNameOfAField: v.string(),
    })
    expect(typeText(jsonOf(v.object({ aVeryLongNameOfTheWhole: inner, b: v.string() })), unnamed)).toBe(`{
  aVeryLongNameOfTheWhole: {
    theFirstOfAllVeryLongNamesOfAField: string
    yetAnotherAndEvenLongerNameOfAField: string
  }
  b: string
}`)
  })
})

describe('Shapes', () => {
  it('names what a module names, and tells which names were used', () => {
    const command = v.object({ kind: v.union(v.literal('stop'), v.literal('restart')), when: v.string() })
    const shapes = new Shapes([{ command, unused: v.array(command), short: v.null() }])
    expect(typeText(jsonOf(v.object({ command })), shapes.nameOf)).toBe('{ command: Command }')
    expect(shapes.write((name) => name)).toEqual(['Command'])
  })
})
