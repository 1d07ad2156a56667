import type { FunctionRunner } from './functions/FunctionRunner'
import type { Store } from './store/Store'
import { documentValue, type StoredDocument } from './store/StoredDocument'
import { firstSystemRow, insertSystemRow, patchSystemRow, systemRows } from './store/systemRows'
import type { EnvironmentRow } from './store/systemTables'

const TABLE = '_environment'

/** `process.env` of the functions: rows of a system table, read into memory after each change. */
export class Environment {
  private values: ReadonlyMap<string, string>

  /** `recovered`: what the data folder holds. */
  constructor(recovered: readonly StoredDocument[]) {
    const rows = recovered.filter(({ table }) => table === TABLE)
    this.values = toMap(rows.map((row) => documentValue(row) as unknown as EnvironmentRow))
  }

  current(): ReadonlyMap<string, string> {
    return this.values
  }

  list(): EnvironmentRow[] {
    return [...this.values].map(([name, value]) => ({ name, value }))
  }

  /** Durable before it resolves. Throws, changing nothing, for a name that Convex would not take. */
  async update(
    store: Store,
    runner: FunctionRunner,
    changes: { name: string; value: string | null }[],
  ): Promise<void> {
    for (const { name } of changes) {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
        throw new Error(`"${name}" is not a name for an environment variable`)
    }
    await runner.transact((transaction) => {
      for (const { name, value } of changes) {
        const row = firstSystemRow<EnvironmentRow>(transaction, TABLE, 'by_name', [name])
        if (value === null) {
          if (row) transaction.remove(row.document)
        } else if (row) patchSystemRow<EnvironmentRow>(transaction, row.document, { value })
        else insertSystemRow(transaction, TABLE, { name, value })
      }
    })
    await store.flush()
    const rows = [...systemRows<EnvironmentRow>(store.snapshot, TABLE, 'by_name')]
    this.values = toMap(rows.map(({ value }) => value))
  }
}

function toMap(rows: EnvironmentRow[]): ReadonlyMap<string, string> {
  return new Map(rows.map(({ name, value }) => [name, value]))
}
