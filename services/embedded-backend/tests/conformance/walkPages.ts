import { expect } from 'vitest'
import type { Value } from 'convex/values'
import type { SchemaShape } from '../fixtures/anything/shape'
import type { Step } from '../fixtures/anything/steps'
import type { PageWalk } from './anyStep'
import type { BothEngines, Said } from './BothEngines'
import { kindOfError } from './kindOfError'
import { modelPage, type ModelledPage, type Position, type Row } from './modelPage'

/** The same place in both: our cursor, and where the model is. */
interface Place {
  cursor: string
  position: Position
}

interface OurPage extends Record<string, Value> {
  page: Value[]
  isDone: boolean
  pageStatus: string | null
  continueCursor: string
  splitCursor: string | null
}

interface Turn {
  from: Place | null
  to: Place | undefined
  numItems: number
}

/**
 * Page after page, as `usePaginatedQuery` asks for them, each compared with the model's page of `convex-test`'s rows; afterwards all of
 * them again between the cursors that they had, in one piece and split in two.
 */
export async function walkPages(
  both: BothEngines,
  shape: SchemaShape,
  walk: PageWalk,
  perform: (steps: Step[]) => Promise<void>,
): Promise<void> {
  const visited: { from: Place | null; end: Place; split: Place | null }[] = []
  let from: Place | null = null
  for (const { before, numItems } of walk.pages) {
    if (before.length > 0) await perform(before)
    const next = await comparePages(both, shape, walk, { from, to: undefined, numItems })
    if (!next) return
    visited.push({ from, ...next })
    from = next.end
    if (from.position === 'end') break
  }
  for (const { from, end, split } of visited) {
    const numItems = 1
    await comparePages(both, shape, walk, { from, to: end, numItems })
    if (!split) continue
    await comparePages(both, shape, walk, { from, to: split, numItems })
    await comparePages(both, shape, walk, { from: split, to: end, numItems })
  }
}

async function comparePages(
  both: BothEngines,
  shape: SchemaShape,
  walk: PageWalk,
  turn: Turn,
): Promise<{ end: Place; split: Place | null } | null> {
  const ours = await ourPage(both, walk, turn)
  const theirs = await modelledPage(both, shape, walk, turn)
  if ('error' in ours || 'error' in theirs) {
    const kind = (said: object) => ('error' in said ? kindOfError(said.error as string) : said)
    expect(kind(ours)).toEqual(kind(theirs))
    return null
  }
  const { page, isDone, pageStatus, continueCursor, splitCursor } = ours.value as OurPage
  const { end, split, ...modelled } = theirs
  expect(both.plain({ page, isDone, pageStatus, splits: splitCursor !== null }, 'ours')).toEqual(
    both.plain({ ...modelled, splits: split !== null }, 'theirs'),
  )
  return {
    end: { cursor: continueCursor, position: end },
    split: split && splitCursor !== null ? { cursor: splitCursor, position: split } : null,
  }
}

function ourPage(both: BothEngines, walk: PageWalk, { from, to, numItems }: Turn): Promise<Said> {
  const limit = walk.maximumRowsRead === undefined ? {} : { maximumRowsRead: walk.maximumRowsRead }
  const paginationOpts = {
    numItems,
    cursor: from?.cursor ?? null,
    ...(to && { endCursor: to.cursor }),
    ...limit,
  }
  return both.callOurs('query', 'page', { page: { ...walk.query, paginationOpts } } as unknown as Value)
}

async function modelledPage(
  both: BothEngines,
  shape: SchemaShape,
  { query, maximumRowsRead }: PageWalk,
  { from, to, numItems }: Turn,
): Promise<ModelledPage | { error: string }> {
  const { filter, ...source } = query
  const reading = { ...source, end: 'collect' }
  const said = await both.callTheirs('query', 'read', { reading } as unknown as Value)
  if ('error' in said) return said
  const fields = shape.indexes[query.range?.index ?? ''] ?? []
  const place = { after: from && from.position, until: to?.position }
  const question = { fields, order: query.order, filter, numItems, maximumRowsRead, ...place }
  try {
    return modelPage(said.value as Row[], question)
  } catch (error) {
    return { error: (error as Error).message }
  }
}
