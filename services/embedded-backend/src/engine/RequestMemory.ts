import { Answer } from './Answer'
import type { LogLine } from './functions/Frame'
import { formatLine } from './functions/Frame'
import { firstSystemRow, insertSystemRow, systemRows } from './store/systemRows'
import type { RequestRow } from './store/systemTables'
import type { Snapshot } from './store/Snapshot'
import type { Transaction } from './store/Transaction'
import type { MutationRun } from './types'

const TABLE = '_requests'
const MAX_ROWS = 10_000
const KEPT_MS = 24 * 60 * 60 * 1_000
const CLEANED_PER_REQUEST = 4

export interface RequestKey {
  sessionId: string
  requestId: number
}

/** The answer a request got before, if it was committed and not too long ago. */
export function recallRequest(source: Snapshot | Transaction, key: RequestKey): MutationRun | null {
  const row = firstSystemRow<RequestRow>(source, TABLE, 'by_request', [key.sessionId, key.requestId])
  if (!row) return null
  const { value, logLines, ts } = row.value
  return { outcome: new Answer(value, logLines), ts }
}

/** Written in the mutation's own transaction, so that it was run if and only if it is remembered. */
export function rememberRequest(
  transaction: Transaction,
  { sessionId, requestId }: RequestKey,
  { json, lines }: { json: string; lines: LogLine[] },
): void {
  const row: RequestRow = {
    ...{ sessionId, requestId, value: json },
    logLines: lines.map(formatLine),
    // The commit's own timestamp is not known yet; any that is not earlier will do, since the client only waits for it.
    ts: transaction.snapshot.ts,
  }
  insertSystemRow(transaction, TABLE, row)
  const rows = transaction.table(TABLE)?.size ?? 0
  let cleaned = 0
  for (const { document, value } of systemRows<{ _creationTime: number }>(
    transaction,
    TABLE,
    'by_creation_time',
  )) {
    const old = value._creationTime < Date.now() - KEPT_MS || rows - cleaned > MAX_ROWS
    if (!old || cleaned >= CLEANED_PER_REQUEST) break
    transaction.remove(document)
    cleaned++
  }
}
