import { describe, expect, it } from 'vitest'
import { admin, call, mutate, nobody, openTestEngine, query } from './openTestEngine'

describe('functions', () => {
  it('writes with a mutation and reads with a query', async () => {
    const engine = await openTestEngine()
    const id = await mutate(engine, 'notes:add', { owner: 'ann', text: 'first' })
    expect(await query(engine, 'notes:byOwner', { owner: 'ann' })).toEqual(['first'])
    expect(await query(engine, 'notes:get', { id })).toMatchObject({ _id: id, owner: 'ann', text: 'first' })
  })

  it('finds functions by every spelling of their path', async () => {
    const engine = await openTestEngine()
    for (const path of ['folder/deep:here', 'folder/deep.js:here', 'api.folder.deep.here']) {
      expect(await query(engine, path)).toBe('deep')
    }
    expect(await query(engine, 'folder/deep')).toBe('default')
    expect(engine.functionType('folder/deep.js:here')).toBe('query')
    expect(engine.functionType('folder/deep:missing')).toBeUndefined()
  })

  it('hides internal functions from everybody but the admin', async () => {
    const engine = await openTestEngine()
    const user = { kind: 'user', attributes: { tokenIdentifier: 'x|y', subject: 'y', issuer: 'x' } } as const
    for (const identity of [nobody, user]) {
      await expect(query(engine, 'notes:secret', {}, identity)).rejects.toThrow(
        "Could not find public function for 'notes:secret'",
      )
    }
    expect(await query(engine, 'notes:secret', {}, admin)).toBe('secret')
    await expect(query(engine, 'notes:missing', {}, admin)).rejects.toThrow('Could not find function')
  })

  it('says when a function is called as the wrong type', async () => {
    const engine = await openTestEngine()
    await expect(mutate(engine, 'notes:byOwner', { owner: 'a' })).rejects.toThrow(
      'Trying to execute notes:byOwner as Mutation, but it is defined as Query.',
    )
  })

  it('enforces argument validators before the function runs', async () => {
    const engine = await openTestEngine()
    await expect(mutate(engine, 'notes:add', { owner: 'a' })).rejects.toThrow(
      /^ArgumentValidationError: Object is missing the required field `text`/,
    )
    await expect(mutate(engine, 'notes:add', { owner: 'a', text: 5 })).rejects.toThrow(
      /Path: \.text\nValue: 5/,
    )
    await expect(mutate(engine, 'notes:add', { owner: 'a', text: 'x', more: 1 })).rejects.toThrow(
      'extra field `more`',
    )
    expect(await query(engine, 'notes:countAll')).toBe(0)
  })

  it('rolls back when the answer does not match the returns validator', async () => {
    const engine = await openTestEngine()
    await expect(mutate(engine, 'notes:answersBadly')).rejects.toThrow(/^ReturnsValidationError: /)
    expect(await query(engine, 'notes:countAll')).toBe(0)
  })

  it('enforces the schema', async () => {
    const engine = await openTestEngine()
    await expect(mutate(engine, 'notes:addBadly')).rejects.toThrow(
      /table "notes" because it does not match the schema/,
    )
    const note = await mutate(engine, 'notes:add', { owner: 'a', text: 'x' })
    const link = await mutate(engine, 'notes:linkTo', { note })
    await expect(mutate(engine, 'notes:linkTo', { note: link })).rejects.toThrow('v.id("notes")')
  })

  it('tells a client what was thrown, and rolls back', async () => {
    const engine = await openTestEngine()
    const outcome = async (how: string) => (await engine.mutation(call('notes:fails', { how }))).outcome
    expect(await outcome('plain')).toMatchObject({ kind: 'error', errorMessage: 'Uncaught Error: boom' })
    expect(await outcome('type')).toMatchObject({ errorMessage: 'Uncaught TypeError: wrong' })
    expect(await outcome('string')).toMatchObject({ errorMessage: 'Uncaught just text' })
    expect(await outcome('convex')).toMatchObject({
      errorMessage: 'Uncaught ConvexError: {"code":"FORBIDDEN"}',
      errorData: { code: 'FORBIDDEN' },
    })
    expect(await query(engine, 'notes:countAll')).toBe(0)
  })

  it('rolls back a nested mutation alone when its error is caught', async () => {
    const engine = await openTestEngine()
    expect(await mutate(engine, 'notes:nestedRollback')).toEqual({ code: 'NO', text: 'dropped' })
    expect(await query(engine, 'notes:byOwner', { owner: 'nested' })).toEqual(['kept', 'kept too'])
  })

  it('runs nested mutations one after another, also when they are started together', async () => {
    const engine = await openTestEngine()
    await mutate(engine, 'unawaited:parallel')
    const counters = engine.readTable('counters', { order: 'asc', cursor: null, numItems: 10 }).page
    expect(
      counters
        .map((row) => row as { name: string; value: number })
        .map(({ name, value }) => `${name} ${value}`),
    ).toEqual(expect.arrayContaining(['parallel 2', 'beside 1']))
    expect(counters).toHaveLength(2)
  })

  it('does not roll back with a nested mutation what its caller writes meanwhile', async () => {
    const engine = await openTestEngine()
    await mutate(engine, 'unawaited:writesBesideNested')
    expect(await query(engine, 'runtime:counter', { name: 'beside' })).toBe(1)
  })

  it('finishes nested mutations that were not awaited before it commits', async () => {
    const engine = await openTestEngine()
    await mutate(engine, 'unawaited:forgetsToAwait')
    const seen = []
    for (const name of ['first half', 'second half'])
      seen.push(await query(engine, 'runtime:counter', { name }))
    expect(seen).toEqual([1, 1])
  })

  it('keeps documents in the order in which they were made, also within a millisecond', async () => {
    const engine = await openTestEngine()
    const names = Array.from({ length: 60 }, (_, i) => `${i}`)
    for (const text of names) await mutate(engine, 'notes:add', { owner: 'a', text })
    const { page } = engine.readTable('notes', { order: 'asc', cursor: null, numItems: 100 })
    expect(page.map((row) => (row as { text: string }).text)).toEqual(names)
    expect(new Set(page.map((row) => (row as { _creationTime: number })._creationTime)).size).toBe(60)
  })

  it('resolves ids to their tables', async () => {
    const engine = await openTestEngine()
    const id = await mutate(engine, 'notes:add', { owner: 'a', text: 'x' })
    expect(await query(engine, 'notes:sameId', { id })).toEqual([id, null])
    expect(await query(engine, 'notes:sameId', { id: 'nonsense' })).toEqual([null, null])
    expect(await query(engine, 'notes:sameId', { id: `${(id as string).slice(0, -1)}0` })).toEqual([
      null,
      null,
    ])
  })

  it('removes a field that is patched to undefined', async () => {
    const engine = await openTestEngine()
    const id = await mutate(engine, 'notes:add', { owner: 'a', text: 'x', rank: 5 })
    expect(await mutate(engine, 'notes:unrank', { id })).not.toHaveProperty('rank')
  })
})
