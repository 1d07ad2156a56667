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

  it('says that it is done with the empty page behind a last one that was full', async () => {
    const engine = await engineWithNotes(3)
    const full = await page(engine, {})
    expect([full.page.length, full.isDone]).toEqual([3, false])
    const empty = await page(engine, { cursor: full.continueCursor })
    expect([empty.page, empty.isDone]).toEqual([[], true])
    expect(await page(engine, { cursor: empty.continueCursor })).toMatchObject({ page: [], isDone: true })
    await mutate(engine, 'notes:add', { owner: 'ann', text: '9', rank: 9 })
    expect((await page(engine, {}, 'asc', full.journal)).page).toEqual(['0', '1', '2'])
    expect((await page(engine, { cursor: full.continueCursor }, 'asc', empty.journal)).page).toEqual(['9'])
  })

  it('stops at a row limit and offers a split', async () => {
    const engine = await engineWithNotes(8)
    const limited = await page(engine, { numItems: 6, maximumRowsRead: 4 })
    expect([limited.page.length, limited.pageStatus, limited.isDone]).toEqual([4, 'SplitRequired', false])
    const { splitCursor, continueCursor } = limited
    expect((await page(engine, { endCursor: splitCursor })).page).toEqual(['0', '1', '2'])
    const half = await page(engine, { cursor: splitCursor, endCursor: continueCursor })
    expect([half.page, half.continueCursor]).toEqual([['3'], continueCursor])
  })

  it('reads up to a given end whatever the limits', async () => {
    const engine = await engineWithNotes(8)
    const endCursor = (await page(engine, { numItems: 5 })).continueCursor
    const whole = await page(engine, { endCursor, maximumRowsRead: 2, maximumBytesRead: 1 })
    expect([whole.page.length, whole.pageStatus]).toEqual([5, 'SplitRecommended'])
  })

  it('recommends to split a page that read most of what it may, and always says where', async () => {
    const engine = await engineWithNotes(8)
    const statuses = [3, 4, 5].map(
      async (maximumRowsRead) => (await page(engine, { maximumRowsRead })).pageStatus,
    )
    expect(await Promise.all(statuses)).toEqual(['SplitRecommended', null, null])
    expect((await page(engine, {})).splitCursor).not.toBeNull()
    expect((await page(engine, { numItems: 2 })).splitCursor).toBeNull()
  })

  it.each(['numItems', 'maximumRowsRead', 'maximumBytesRead'])(
    'refuses a page that may hold nothing: %s of 0',
    async (limit) => {
      await expect(page(await engineWithNotes(1), { [limit]: 0 })).rejects.toThrow('one document')
    },
  )

  it.each(['nonsense', '', 'NQ', 'W10', 'bnVsbA'])('refuses %o, which is no cursor', async (cursor) => {
    const engine = await engineWithNotes(1)
    await expect(page(engine, { cursor })).rejects.toThrow('InvalidCursor')
    await expect(page(engine, { endCursor: cursor })).rejects.toThrow('InvalidCursor')
  })

  it('refuses a cursor of another query, also behind its last row', async () => {
    const engine = await engineWithNotes(4)
    const first = await page(engine, {})
    const last = await page(engine, { cursor: first.continueCursor })
    expect(last.isDone).toBe(true)
    for (const { continueCursor: cursor, journal } of [first, last]) {
      await expect(page(engine, { cursor }, 'desc')).rejects.toThrow('InvalidCursor')
      await expect(page(engine, { endCursor: cursor }, 'desc')).rejects.toThrow('InvalidCursor')
      await expect(page(engine, {}, 'desc', journal)).rejects.toThrow('InvalidCursor')
    }
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
