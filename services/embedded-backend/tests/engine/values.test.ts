import { describe, expect, it } from 'vitest'
import { mutate, openTestEngine, query } from './openTestEngine'

const HALF = '\ud83d'
const PAIR = '\u{1F600}'

describe('values that the documentation rules out', () => {
  it('refuses half of a surrogate pair in arguments, documents and answers, and takes what only looks like one', async () => {
    const engine = await openTestEngine()
    const add = (rank: unknown) => mutate(engine, 'notes:add', { owner: 'a', text: 'x', rank: rank as never })
    await expect(add(HALF)).rejects.toThrow('valid Unicode')
    await expect(add({ deep: [`a${HALF}`] })).rejects.toThrow('valid Unicode')
    for (const how of ['document', 'answer']) {
      await expect(mutate(engine, 'notes:halfPair', { how })).rejects.toThrow('valid Unicode')
    }
    await add(PAIR)
    await add('\\ud83d')
    expect(await query(engine, 'ranks:ranks')).toEqual(['\\ud83d', PAIR])
  })

  it('refuses arrays and objects with too many entries', async () => {
    const engine = await openTestEngine()
    const add = (rank: unknown) => mutate(engine, 'notes:add', { owner: 'a', text: 'x', rank: rank as never })
    const object = (size: number) => Object.fromEntries(Array.from({ length: size }, (_, i) => [`f${i}`, i]))
    await add(Array.from({ length: 8_192 }, () => 0))
    await add(object(1_024))
    await expect(add(Array.from({ length: 8_193 }, () => 0))).rejects.toThrow('Array has too many values')
    await expect(add(object(1_025))).rejects.toThrow('Object has too many fields')
  })
  it('refuses what is nested more than 64 deep, the arguments or the document counted', async () => {
    const engine = await openTestEngine()
    const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)])
    const add = (rank: unknown) => mutate(engine, 'notes:add', { owner: 'a', text: 'x', rank: rank as never })
    await add(nested(63))
    await expect(add(nested(64))).rejects.toThrow('Value is too nested (maximum nesting 64)')
  })
})
