import { compareValues, type Value } from 'convex/values'
import { fieldValue } from '../../src/engine/store/indexKey'
import { bool, expectedOfFilter } from '../fixtures/anything/filters'
import type { Filter } from '../fixtures/anything/steps'

export type Row = Record<string, Value>
/** Where a page begins or ends: behind a row, which may be gone by now, or behind all. */
export type Position = Row | 'end'

export interface PageQuestion {
  /** What the query is ordered by, without `_creationTime`. */
  fields: readonly string[]
  order: 'asc' | 'desc'
  filter: Filter | undefined
  numItems: number
  maximumRowsRead: number | undefined
  /** `null`: with the first row. */
  after: Position | null
  /** `undefined`: where it is full. */
  until: Position | undefined
}

export interface ModelledPage {
  page: Row[]
  isDone: boolean
  pageStatus: 'SplitRequired' | 'SplitRecommended' | null
  end: Position
  /** The row behind which the page would be split. */
  split: Row | null
}

/**
 * The page that a deployment answers, of all rows of a range in order: `read_page_from_query` and `IndexRange` in
 * https://github.com/get-convex/convex-backend. Throws where the filter does.
 */
export function modelPage(rows: readonly Row[], question: PageQuestion): ModelledPage {
  const { after, until, filter, numItems, maximumRowsRead = Infinity } = question
  const isBehind = (row: Row, position: Position) =>
    position !== 'end' && compareRows(row, position, question) > 0
  const ahead = rows.filter(
    (row) =>
      (after === null || isBehind(row, after)) &&
      (until === undefined || until === 'end' || !isBehind(row, until)),
  )
  const page: Row[] = []
  const read: Row[] = []
  const answer = (end: Position, required = false): ModelledPage => ({
    page,
    isDone: end === 'end',
    pageStatus: required
      ? 'SplitRequired'
      : read.length > Math.floor(maximumRowsRead * 0.75)
        ? 'SplitRecommended'
        : null,
    end,
    split: read.length > 2 ? (read[Math.floor(read.length / 2)] ?? null) : null,
  })
  for (const row of ahead) {
    read.push(row)
    if (!filter || bool(expectedOfFilter(row, filter))) page.push(row)
    if (until === undefined && page.length === numItems) return answer(row)
    if (until === undefined && read.length === maximumRowsRead) return answer(row, true)
  }
  return answer(until ?? 'end')
}

function compareRows(a: Row, b: Row, { fields, order }: PageQuestion): number {
  for (const field of [...fields, '_creationTime']) {
    const ascending = compareValues(fieldValue(a, field), fieldValue(b, field))
    if (ascending !== 0) return order === 'asc' ? ascending : -ascending
  }
  return 0
}
