import type { Table, TableRow } from 'mdast'
import { visit } from 'unist-util-visit'
import { lineOf, plainText, type Document } from '../markdown/Document'
import { TROUBLESHOOTING } from '../paths'
import type { Listed } from '../sources/Listed'
import type { Fault } from './Fault'

/** What is listed in the table of docs/troubleshooting.md that begins with these two columns: words of one meaning share a row, with commas between them. */
export interface ListedTable {
  head: readonly [string, string]
  listed: Listed
}

/**
 * Words that the code has and their table does not explain, explained ones that the code does not have, those that are explained
 * twice, and those beside which something else stands than what the code says.
 */
export function checkTables(documents: readonly Document[], tables: readonly ListedTable[]): Fault[] {
  return documents
    .filter(({ path }) => path === TROUBLESHOOTING)
    .flatMap((document) => tables.flatMap((one) => faultsOf(document, one)))
    .map((fault) => ({ path: TROUBLESHOOTING, ...fault }))
}

type Problem = Pick<Fault, 'line' | 'problem'>

function faultsOf(document: Document, { head, listed }: ListedTable): Problem[] {
  const table = tableOf(document, head)
  if (table) return faultsIn(explainedIn(table), listed, head[1])
  return [{ problem: `has no table that begins with the columns ${head.join(' and ')}` }]
}

interface Explained {
  word: string
  beside: string
  line: number
}

function faultsIn(explained: readonly Explained[], listed: Listed, column: string): Problem[] {
  const known = new Set(explained.map(({ word }) => word))
  const missing = [...listed].filter(([word]) => !known.has(word))
  return [
    ...missing.map(([word, { path }]) => ({ problem: `${word} of ${path} is not explained` })),
    ...explained.flatMap(({ word, beside, line }, at) => {
      const fromCode = listed.get(word)
      if (!fromCode) return [{ line, problem: `the code has no ${word}` }]
      const isDouble = explained.findIndex((one) => one.word === word) < at
      if (isDouble) return [{ line, problem: `${word} is explained twice` }]
      if (fromCode.beside === undefined || fromCode.beside === beside) return []
      return [{ line, problem: `the ${column} of ${word} is ${fromCode.beside} in ${fromCode.path}` }]
    }),
  ]
}

function tableOf({ tree }: Document, head: ListedTable['head']): Table | undefined {
  let found: Table | undefined
  visit(tree, 'table', (table) => {
    const [row] = table.children
    if (row && head.every((name, at) => cellOf(row, at) === name)) found ??= table
  })
  return found
}

function explainedIn({ children: [, ...rows] }: Table): Explained[] {
  return rows.flatMap((row) =>
    cellOf(row, 0)
      .split(', ')
      .map((word) => ({ word, beside: cellOf(row, 1), line: lineOf(row) })),
  )
}

function cellOf(row: TableRow, at: number): string {
  const cell = row.children[at]
  return cell ? plainText(cell) : ''
}
