import { convexTest } from 'convex-test'
import { makeFunctionReference } from 'convex/server'
import { jsonToConvex, convexToJson, type JSONValue, type Value } from 'convex/values'
import { describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/types'
import schema from '../fixtures/app/schema'
import { call, openTestEngine } from './openTestEngine'

const modules = {
  '../fixtures/app/_generated/none.ts': () => Promise.resolve({}),
  '../fixtures/app/notes.ts': () => import('../fixtures/app/notes'),
  '../fixtures/app/ranks.ts': () => import('../fixtures/app/ranks'),
}

/** Everything an index can hold, in no particular order; `undefined` is a missing field. */
const RANKS: (Value | undefined)[] = [
  ...[undefined, null, 5n, -5n, 2n ** 62n, 0, -0, 1.5, -1e300, Infinity, -Infinity, NaN, true, false],
  ...['', 'a', 'Z', 'ä', '\u{1F600}', '\uFFFD', new Uint8Array([1, 2]).buffer, new Uint8Array([1]).buffer],
  ...[[], [1, 'a'], [1], [[2]], {}, { b: 1 }, { a: 1, b: null }, { a: [1n] }],
]
const OWNERS = ['ann', 'bob', 'cy']
const STEPS = 250

/** The same sequence for the same seed. */
function sequence(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

interface Page {
  page: string[]
  isDone: boolean
  continueCursor: string
}

interface PageWalk {
  owner: string
  order: string
  numItems: number
  cursors: Record<'ours' | 'theirs', string | null>
}

class Both {
  /** Ids differ between the two: they are compared by the order in which they were made. */
  readonly ids: { ours: string; theirs: string }[] = []
  private readonly peer = convexTest({ schema, modules })

  constructor(private readonly engine: Engine) {}

  async run(
    kind: 'query' | 'mutation',
    path: string,
    args: (which: 'ours' | 'theirs') => Record<string, unknown>,
  ): Promise<unknown> {
    const ours = await this.ours(kind, path, args('ours') as Record<string, Value>)
    const theirs = await this.theirs(kind, path, args('theirs') as Record<string, Value>)
    expect(
      this.plain(ours, 'ours'),
      `${path} ${JSON.stringify(convexToJson(args('ours') as Value))}`,
    ).toEqual(this.plain(theirs, 'theirs'))
    return ours
  }

  async add(args: Record<string, unknown>): Promise<void> {
    const ours = await this.ours('mutation', 'notes:add', args as Record<string, Value>)
    const theirs = await this.theirs('mutation', 'notes:add', args as Record<string, Value>)
    this.ids.push({ ours: String(ours), theirs: String(theirs) })
  }

  async pages({ owner, order, numItems, cursors }: PageWalk): Promise<Record<'ours' | 'theirs', Page>> {
    const args = (cursor: string | null) => ({ owner, order, paginationOpts: { numItems, cursor } })
    return {
      ours: (await this.ours('query', 'notes:page', args(cursors.ours))) as Page,
      theirs: (await this.theirs('query', 'notes:page', args(cursors.theirs))) as Page,
    }
  }

  private async ours(
    kind: 'query' | 'mutation',
    path: string,
    args: Record<string, Value>,
  ): Promise<unknown> {
    const { outcome } = await this.engine[kind](call(path, convexToJson(args)))
    return outcome.kind === 'ok' ? jsonToConvex(outcome.value) : 'failed'
  }

  private async theirs(
    kind: 'query' | 'mutation',
    path: string,
    args: Record<string, Value>,
  ): Promise<unknown> {
    try {
      return kind === 'query'
        ? await this.peer.query(makeFunctionReference<'query'>(path), args)
        : await this.peer.mutation(makeFunctionReference<'mutation'>(path), args)
    } catch {
      return 'failed'
    }
  }

  private plain(value: unknown, which: 'ours' | 'theirs'): JSONValue {
    let text = JSON.stringify(convexToJson(value as Value))
    for (const [i, id] of this.ids.entries()) text = text.replaceAll(id[which], `id ${i}`)
    return JSON.parse(text, (key, inner: JSONValue) =>
      key === '_creationTime' ? 'time' : inner,
    ) as JSONValue
  }
}

describe('compared with convex-test', () => {
  it.each([1, 2, 3])('gives the same answers to the same random operations (seed %i)', async (seed) => {
    const both = new Both(await openTestEngine())
    const pick = sequence(seed)
    const any = <T>(from: readonly T[]) => from[pick(from.length)] as T
    for (let step = 0; step < STEPS; step++) {
      const id = both.ids.length > 0 ? any(both.ids) : null
      const owner = any(OWNERS)
      switch (pick(id ? 12 : 1)) {
        case 0:
        case 1:
        case 2:
          await both.add({ owner, text: `note ${step}`, rank: any(RANKS) })
          break
        case 3:
          await both.run('mutation', 'notes:retext', (which) => ({
            id: id?.[which],
            text: `changed ${step}`,
          }))
          break
        case 4:
          await both.run('mutation', pick(3) === 0 ? 'notes:remove' : 'notes:unrank', (which) => ({
            id: id?.[which],
          }))
          break
        case 5:
          await both.run('query', 'notes:get', (which) => ({ id: id?.[which] }))
          break
        case 6:
          await both.run('query', 'notes:byOwner', () => ({ owner }))
          break
        case 7:
          await both.run('query', 'ranks:byRank', () => ({}))
          break
        case 8:
          await both.run('mutation', any(['notes:fails', 'notes:addBadly', 'notes:add']), () => ({
            how: 'plain',
          }))
          break
        case 9:
          await both.run('query', 'ranks:firstOfEachRank', () => ({ owner }))
          break
        case 10:
          await both.run('query', 'ranks:unrankedAndBetween', () => ({ owner, from: -5, below: 1.5 }))
          break
        case 11: {
          const order = any(['asc', 'desc'])
          const numItems = 1 + pick(4)
          await walkPages(both, owner, order, numItems)
          break
        }
      }
    }
    await both.run('query', 'ranks:byRank', () => ({}))
    expect(both.ids.length).toBeGreaterThan(STEPS / 5)
  })
})

async function walkPages(both: Both, owner: string, order: string, numItems: number): Promise<void> {
  // Cursors are opaque and differ: each side follows its own, the pages must agree.
  const cursors: Record<'ours' | 'theirs', string | null> = { ours: null, theirs: null }
  for (let pages = 0; pages < 5; pages++) {
    const { ours, theirs } = await both.pages({ owner, order, numItems, cursors })
    expect(ours.page).toEqual(theirs.page)
    // A deployment knows that a full page was the last one only when it looked for the next row.
    const isFullLastPage = theirs.isDone && theirs.page.length === numItems
    expect(ours.isDone).toBe(theirs.isDone && !isFullLastPage)
    if (theirs.isDone) return
    cursors.ours = ours.continueCursor
    cursors.theirs = theirs.continueCursor
  }
}
