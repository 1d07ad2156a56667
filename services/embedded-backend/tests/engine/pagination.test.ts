import type { JSONValue } from 'convex/values'
import { describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/types'
import { admin, call, mutate, openTestEngine, valueOf } from './openTestEngine'

interface Page {
  page: string[]
  isDone: boolean
  continueCursor: string
  splitCursor: string | null
  pageStatus: string | null
}

async function page(
  engine: Engine,
  options: Record<string, JSONValue>,
  order = 'asc',
  journal: string | null = null,
) {
  const paginationOpts = { numItems: 3, cursor: null, ...options }
  const run = await engine.query({ ...call('notes:page', { owner: 'ann', order, paginationOpts }), journal })
  return { ...(valueOf(run.outcome) as unknown as Page), journal: run.journal }
}

async function engineWithNotes(count: number): Promise<Engine> {
  const engine = await openTestEngine()
  await mutate(engine, 'notes:bulk', { owner: 'ann', count }, admin)
  await mutate(engine, 'notes:bulk', { owner: 'bob', count: 2 }, admin)
  return engine
}

describe('pagination', () => {
  it.each(['asc', 'desc'])('walks all pages in order %s', async (order) => {
    const engine = await engineWithNotes(8)
    const texts: string[] = []
    let cursor: string | null = null
    let pages = 0
    do {
      const next: Page = await page(engine, { cursor }, order)
      texts.push(...next.page)
      cursor = next.isDone ? null : next.continueCursor
      pages++
    } while (cursor !== null && pages < 10)
    const expected = ['0', '1', '2', '3', '4', '5', '6', '7']
    expect(texts).toEqual(order === 'asc' ? expected : expected.reverse())
    expect(pages).toBe(3)
  })

  it('keeps the end of a page by its journal when rows come and go', async () => {
    const engine = await engineWithNotes(8)
    const first = await page(engine, {})
    expect(first.page).toEqual(['0', '1', '2'])
    await mutate(engine, 'notes:add', { owner: 'ann', text: 'new', rank: 0.5 })
    expect((await page(engine, {}, 'asc', first.journal)).page).toEqual(['0', 'new', '1', '2'])
    expect((await page(engine, {})).page).toEqual(['0', 'new', '1'])
    const again = await page(engine, {}, 'asc', first.journal)
    expect(again.continueCursor).toBe(first.continueCursor)
    expect((await page(engine, { cursor: again.continueCursor })).page).toEqual(['3', '4', '5'])
  })

  it('keeps a last page open to the end by its journal', async () => {
    const engine = await engineWithNotes(2)
    const last = await page(engine, {})
    expect([last.page, last.isDone]).toEqual([['0', '1'], true])
    await mutate(engine, 'notes:add', { owner: 'ann', text: '9', rank: 9 })
    expect((await page(engine, {}, 'asc', last.journal)).page).toEqual(['0', '1', '9'])
  })

  it('stops at a row limit and offers a split', async () => {
    const engine = await engineWithNotes(8)
    const limited = await page(engine, { numItems: 6, maximumRowsRead: 4 })
    expect([limited.page.length, limited.pageStatus, limited.isDone]).toEqual([4, 'SplitRequired', false])
    const half = await page(engine, { endCursor: limited.splitCursor })
    expect(half.page).toEqual(['0', '1'])
  })

  it('refuses a cursor that it did not make', async () => {
    const engine = await engineWithNotes(1)
    await expect(page(engine, { cursor: 'nonsense' })).rejects.toThrow('InvalidCursor')
  })

  it('reads tables page by page for the admin, without system tables', async () => {
    const engine = await engineWithNotes(3)
    const first = engine.readTable('notes', { order: 'desc', cursor: null, numItems: 4 })
    expect(first.page.map((row) => (row as { text: string }).text)).toEqual(['1', '0', '2', '1'])
    const rest = engine.readTable('notes', { order: 'desc', cursor: first.continueCursor, numItems: 4 })
    expect([rest.page.length, rest.isDone]).toEqual([1, true])
    for (const unknown of ['nothing', '_requests']) {
      expect(() => engine.readTable(unknown, { order: 'asc', cursor: null, numItems: 1 })).toThrow(unknown)
    }
  })
})
