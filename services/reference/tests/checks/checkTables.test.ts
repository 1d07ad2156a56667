import { describe, expect, it } from 'vitest'
import { checkTables, type ListedTable } from '../../src/checks/checkTables'
import { describeFault } from '../../src/checks/Fault'
import { readDocuments } from '../../src/markdown/Document'
import { makeFolder } from '../setup'

const refusals: ListedTable = {
  head: ['code', 'status'],
  listed: new Map([
    ['NotFound', { path: 'a.ts', beside: '404' }],
    ['BadQuery', { path: 'a.ts', beside: '400' }],
    ['BadCursor', { path: 'b.ts', beside: '400' }],
    ['InternalError', { path: 'b.ts' }],
  ]),
}
const exits: ListedTable = { head: ['exit code', 'means'], listed: new Map([['130', { path: 'c.ts' }]]) }

const whole = ['| `NotFound` | 404 |', '| `BadQuery`, `BadCursor` | 400 |', '| `InternalError` | 500 |']

function faultsOf(rows: readonly string[], tables: readonly ListedTable[] = [refusals]): string[] {
  const text = ['# Troubleshooting', '', '| code | status |', '| --- | --- |', ...rows].join('\n')
  const root = makeFolder({ 'docs/troubleshooting.md': text, 'docs/other.md': '# Other' })
  return checkTables(readDocuments(root), tables).map(describeFault)
}

describe('checkTables', () => {
  it('is content when each word has its place, several in a row of one meaning, too', () => {
    expect(faultsOf(whole)).toEqual([])
  })

  it('finds what is not explained', () => {
    expect(faultsOf(whole.slice(1))).toEqual(['docs/troubleshooting.md: NotFound of a.ts is not explained'])
    expect(faultsOf(['| `NotFound` | 404 |', '| `BadQuery` | 400 |', '| `InternalError` | |'])).toEqual([
      'docs/troubleshooting.md: BadCursor of b.ts is not explained',
    ])
  })

  it('finds what the code does not have, and what is explained twice', () => {
    expect(faultsOf([...whole, '| `LongGone`, `NotFound` | 404 |'])).toEqual([
      'docs/troubleshooting.md:8: the code has no LongGone',
      'docs/troubleshooting.md:8: NotFound is explained twice',
    ])
  })

  it('finds another word beside it than the code says, where the code says one', () => {
    expect(faultsOf(['| `NotFound` | 410 |', ...whole.slice(1, 2), '| `InternalError` | 501 |'])).toEqual([
      'docs/troubleshooting.md:5: the status of NotFound is 404 in a.ts',
    ])
  })

  it('looks into the table with these columns only, and finds that there is none', () => {
    expect(faultsOf([...whole, '', '| exit code | means |', '| --- | --- |', '| 130 | forced |'])).toEqual([])
    expect(faultsOf(whole, [exits])).toEqual([
      'docs/troubleshooting.md: has no table that begins with the columns exit code and means',
    ])
  })
})
