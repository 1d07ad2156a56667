import type { JSONValue } from 'convex/values'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Engine } from '../../src/engine/types'
import { call, mutate, openTestEngine } from './openTestEngine'

/** Whether what `act` commits would re-run the query. */
async function reruns(
  engine: Engine,
  path: string,
  args: JSONValue,
  act: () => Promise<unknown>,
): Promise<boolean> {
  const run = await engine.query(call(path, args))
  const touched: bigint[] = []
  onTestFinished(engine.watch(run, (ts) => void touched.push(ts)))
  await act()
  expect(engine.latestTs()).toBeGreaterThan(run.ts)
  return touched.length > 0
}

describe('invalidation', () => {
  it('re-runs a range query for what enters, changes in or leaves the range, and for nothing else', async () => {
    const engine = await openTestEngine()
    const ann = { owner: 'ann' }
    const add = (owner: string) => mutate(engine, 'notes:add', { owner, text: 'x' })
    const annNote = await add('ann')
    const bobNote = await add('bob')
    expect(await reruns(engine, 'notes:byOwner', ann, () => add('bob'))).toBe(false)
    expect(await reruns(engine, 'notes:byOwner', ann, () => add('ann'))).toBe(true)
    expect(
      await reruns(engine, 'notes:byOwner', ann, () =>
        mutate(engine, 'notes:retext', { id: bobNote, text: 'y' }),
      ),
    ).toBe(false)
    expect(
      await reruns(engine, 'notes:byOwner', ann, () =>
        mutate(engine, 'notes:retext', { id: annNote, text: 'y' }),
      ),
    ).toBe(true)
    expect(
      await reruns(engine, 'notes:byOwner', ann, () => mutate(engine, 'notes:remove', { id: annNote })),
    ).toBe(true)
    expect(
      await reruns(engine, 'notes:byOwner', ann, () =>
        mutate(engine, 'runtime:schedule', { name: 'x', delayMs: 1e9 }),
      ),
    ).toBe(false)
  })

  it('watches an empty range and a document that is not there', async () => {
    const engine = await openTestEngine()
    expect(
      await reruns(engine, 'notes:byOwner', { owner: 'new' }, () =>
        mutate(engine, 'notes:add', { owner: 'new', text: 'x' }),
      ),
    ).toBe(true)
    const id = await mutate(engine, 'notes:add', { owner: 'a', text: 'x' })
    expect(
      await reruns(engine, 'notes:get', { id }, () => mutate(engine, 'notes:retext', { id, text: 'y' })),
    ).toBe(true)
    expect(
      await reruns(engine, 'notes:get', { id }, () => mutate(engine, 'notes:add', { owner: 'a', text: 'x' })),
    ).toBe(false)
    await mutate(engine, 'notes:remove', { id })
    expect(
      await reruns(engine, 'notes:get', { id }, () => mutate(engine, 'notes:add', { owner: 'a', text: 'x' })),
    ).toBe(false)
  })

  it('watches only as far as a query looked', async () => {
    const engine = await openTestEngine()
    for (const rank of [1, 5]) await mutate(engine, 'notes:add', { owner: 'ann', text: 'x', rank })
    const addRank = (rank: number) => () => mutate(engine, 'notes:add', { owner: 'ann', text: 'x', rank })
    expect(await reruns(engine, 'notes:firstOf', { owner: 'ann' }, addRank(3))).toBe(false)
    expect(await reruns(engine, 'notes:firstOf', { owner: 'ann' }, addRank(0))).toBe(true)
  })

  it('does not re-run for what was rolled back, made and removed again, or written as it was', async () => {
    const engine = await openTestEngine()
    const id = await mutate(engine, 'notes:add', { owner: 'nested', text: 'same' })
    const nested = { owner: 'nested' }
    const before = engine.latestTs()
    await mutate(engine, 'notes:retext', { id, text: 'same' })
    expect(engine.latestTs()).toBe(before)
    expect(await reruns(engine, 'notes:byOwner', nested, () => mutate(engine, 'notes:dropsNested'))).toBe(
      false,
    )
  })

  it('tells who watches once, before the mutation answers, and nobody of one that wrote nothing or failed', async () => {
    const engine = await openTestEngine()
    const seen: bigint[] = []
    const watch = async () =>
      onTestFinished(engine.watch(await engine.query(call('notes:countAll')), (ts) => void seen.push(ts)))
    await watch()
    const run = await engine.mutation(call('notes:add', { owner: 'a', text: 'x' }))
    expect(seen).toEqual([run.ts])
    expect(engine.latestTs()).toBe(run.ts)
    const next = await engine.mutation(call('notes:add', { owner: 'a', text: 'x' }))
    expect(next.ts).toBeGreaterThan(run.ts)
    expect(seen).toHaveLength(1)
    await watch()
    await engine.mutation(call('notes:fails', { how: 'plain' }))
    expect(seen).toHaveLength(1)
  })

  it('tells at once of what has come already, and nothing after the watch has ended', async () => {
    const engine = await openTestEngine()
    const add = (owner: string) => engine.mutation(call('notes:add', { owner, text: 'x' }))
    const run = await engine.query(call('notes:byOwner', { owner: 'ann' }))
    await add('bob')
    expect(engine.heldSince(run.ts, await engine.query(call('notes:byOwner', { owner: 'ann' })))).toBe(true)
    const { ts } = await add('ann')
    await add('ann')
    const seen: bigint[] = []
    engine.watch(run, (touchedAt) => void seen.push(touchedAt))
    expect(seen).toEqual([ts])
    const again = await engine.query(call('notes:byOwner', { owner: 'ann' }))
    expect(engine.heldSince(run.ts, again)).toBe(false)
    expect(engine.heldSince(0n, again)).toBe(false)
    engine.watch(again, () => void seen.push(0n))()
    await add('ann')
    expect(seen).toEqual([ts])
  })
})
