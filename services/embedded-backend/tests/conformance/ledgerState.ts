import { expect } from 'vitest'
import { compareValues, jsonToConvex, type Value } from 'convex/values'
import type { Engine } from '../../src/engine/types'
import { fieldValue } from '../../src/engine/store/indexKey'
import { call } from '../engine/openTestEngine'

type Row = Record<string, Value>

type LegRow = { account: string; amount: number; transfer: string }
type AccountRow = { name: string; balance: number; archived: number }
type WriterRow = { name: string; last: number; count: number }

const INDEXES: Record<string, Record<string, string[]>> = {
  accounts: { by_name: ['name'] },
  legs: { by_transfer: ['transfer'], by_writer: ['writer', 'n'], by_account: ['account', 'amount'] },
  writers: { by_name: ['name'] },
  planned: { by_job: ['job'] },
  ran: { by_job: ['job'] },
  totals: {},
}

/** All documents of a table of the ledger, in order of creation. */
export function tableRows(engine: Engine, table: string): Row[] {
  const rows: Row[] = []
  let cursor: string | null = null
  for (;;) {
    const page = engine.readTable(table, { order: 'asc', cursor, numItems: 1_000 })
    rows.push(...page.page.map((row) => jsonToConvex(row) as Row))
    if (page.isDone) return rows
    cursor = page.continueCursor
  }
}

/** Each index of each table answers exactly the table's documents, in the order of its fields. */
export async function expectIndexesToEqualTables(engine: Engine): Promise<void> {
  for (const [table, indexes] of Object.entries(INDEXES)) {
    const rows = tableRows(engine, table)
    for (const [index, fields] of Object.entries({ ...indexes, by_id: ['_id'] })) {
      const expected = rows.toSorted((a, b) => compareRows(a, b, [...fields, '_creationTime', '_id']))
      expect(await indexRows(engine, table, index), `${table}.${index}`).toEqual(expected)
    }
  }
}

/** Nothing is there by half: legs come in twos and add up to the accounts, and each writer's transfers were made once. */
export function expectWholeTransfers(engine: Engine): void {
  const legs = tableRows(engine, 'legs') as LegRow[]
  const sums = new Map<string, number>()
  const perTransfer = new Map<string, number[]>()
  for (const { account, amount, transfer } of legs as {
    account: string
    amount: number
    transfer: string
  }[]) {
    sums.set(account, (sums.get(account) ?? 0) + amount)
    perTransfer.set(transfer, [...(perTransfer.get(transfer) ?? []), amount])
  }
  for (const [transfer, amounts] of perTransfer) {
    expect(amounts, transfer).toHaveLength(2)
    expect(
      amounts.reduce((a, b) => a + b),
      transfer,
    ).toBe(0)
  }
  for (const { name, balance, archived } of tableRows(engine, 'accounts') as AccountRow[]) {
    expect(balance, `account ${name}`).toBe(archived + (sums.get(name) ?? 0))
  }
  for (const { name, last, count } of tableRows(engine, 'writers') as WriterRow[]) {
    expect(count, `transfers of ${name}`).toBe(last)
  }
}

/** What each job that was planned did, once nothing is pending any more. */
export function expectEachJobOnce(engine: Engine): void {
  const jobs = (table: string) => tableRows(engine, table).map(({ job }) => job as string)
  expect(jobs('ran').sort()).toEqual(jobs('planned').sort())
  const [total] = tableRows(engine, 'totals')
  expect(total?.ran ?? 0).toBe(jobs('planned').length)
}

async function indexRows(engine: Engine, table: string, index: string): Promise<Row[]> {
  const { outcome } = await engine.query(call('ledger:readIndex', { table, index }))
  if (outcome.kind === 'error') throw new Error(outcome.errorMessage)
  return jsonToConvex(outcome.value) as Row[]
}

function compareRows(a: Row, b: Row, fields: string[]): number {
  for (const field of fields) {
    const order = compareValues(fieldValue(a, field), fieldValue(b, field))
    if (order !== 0) return order
  }
  return 0
}
