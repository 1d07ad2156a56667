import { convexToJson } from 'convex/values'
import type { CronDefinition } from './functions/LoadedFunctions'
import type { CronRunner } from './scheduler/CronRunner'
import type { Snapshot } from './store/Snapshot'
import type { Store } from './store/Store'
import { documentValue } from './store/StoredDocument'
import type { Table } from './store/Table'
import { AFTER, encodeKey } from './store/indexKey'
import { systemRows } from './store/systemRows'
import type { CronRow, ScheduledRow } from './store/systemTables'
import type { CronJob, EngineInspection, ScheduledFunction, TableSize } from './types'

/** What there is in the engine besides documents, for whoever runs it. Reads the latest snapshot and changes nothing. */
export class Inspection implements EngineInspection {
  /** A committed table never changes, so it is measured once. */
  private readonly measured = new WeakMap<Table, number>()

  constructor(
    private readonly store: Pick<Store, 'snapshot'>,
    private readonly definitions: () => ReadonlyMap<string, CronDefinition>,
    private readonly crons: Pick<CronRunner, 'lastRuns'>,
  ) {}

  countOf(table: string): number {
    return this.store.snapshot.tables.get(table)?.size ?? 0
  }

  sizeOf(table: string): TableSize {
    const found = this.store.snapshot.tables.get(table)
    if (!found) return { documents: 0, bytes: 0 }
    let bytes = this.measured.get(found)
    if (bytes === undefined) {
      bytes = 0
      for (const { json } of found.documents()) bytes += json.length
      this.measured.set(found, bytes)
    }
    return { documents: this.countOf(table), bytes }
  }

  scheduled(state: ScheduledFunction['state'], limit: number): ScheduledFunction[] {
    const rows =
      state === 'pending' ? nextRows(this.store.snapshot, limit) : lastRows(this.store.snapshot, state, limit)
    return rows.map(toScheduledFunction)
  }

  cronJobs(): CronJob[] {
    const rows = systemRows<CronRow>(this.store.snapshot, '_crons', 'by_name')
    const nextRuns = new Map([...rows].map(({ value }) => [value.name, value.nextRun]))
    return [...this.definitions()].map(([name, { name: path, schedule }]) => ({
      ...{ name, path, schedule: { ...schedule } },
      nextRun: nextRuns.get(name) ?? null,
      lastRun: this.crons.lastRuns.get(name) ?? null,
    }))
  }
}

function nextRows(snapshot: Snapshot, limit: number): ScheduledRow[] {
  const rows: ScheduledRow[] = []
  for (const { value } of systemRows<ScheduledRow>(snapshot, '_scheduled_functions', 'by_state', [
    'pending',
  ])) {
    if (rows.length >= limit) break
    rows.push(value)
  }
  return rows
}

function lastRows(snapshot: Snapshot, state: string, limit: number): ScheduledRow[] {
  const rows: ScheduledRow[] = []
  const table = snapshot.tables.get('_scheduled_functions')
  const prefix = encodeKey([state])
  for (const [key, document] of table?.descending('by_state', prefix + AFTER) ?? []) {
    if (!key.startsWith(prefix) || rows.length >= limit) break
    rows.push(documentValue(document) as unknown as ScheduledRow)
  }
  return rows
}

function toScheduledFunction(row: ScheduledRow): ScheduledFunction {
  return {
    id: row._id,
    path: row.name,
    args: convexToJson(row.args[0] ?? {}),
    scheduledTime: row.scheduledTime,
    completedTime: row.completedTime ?? null,
    state: row.state.kind,
    error: row.state.kind === 'failed' ? row.state.error : null,
  }
}
