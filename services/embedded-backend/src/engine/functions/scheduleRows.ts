import { getConvexSize, jsonToConvex, type JSONValue } from 'convex/values'
import { insertSystemRow, patchSystemRow } from '../store/systemRows'
import type { ScheduledRow } from '../store/systemTables'
import { documentValue } from '../store/StoredDocument'
import type { Transaction } from '../store/Transaction'
import type { LoadedFunction } from './LoadedFunctions'

/** Adds a pending row; the scheduler sees it when `transaction` is committed. `ts` in seconds since 1970. */
export function scheduleFunction(
  transaction: Transaction,
  target: LoadedFunction,
  ts: number,
  args: JSONValue,
): string {
  if (target.type !== 'mutation' && target.type !== 'action') {
    throw new Error(`Only mutations and actions can be scheduled; ${target.path} is neither`)
  }
  const value = jsonToConvex(args)
  transaction.metrics.add('functionsScheduled', 1)
  transaction.metrics.add('scheduledFunctionArgsBytes', getConvexSize(value))
  return insertSystemRow(transaction, '_scheduled_functions', {
    name: target.path,
    args: [value],
    // Rounded to microseconds: seconds are no exact milliseconds, and a bit later than meant is too late for a stopped clock.
    scheduledTime: Math.round(ts * 1e6) / 1e3,
    state: { kind: 'pending' },
  } satisfies Omit<ScheduledRow, '_id' | '_creationTime'>)
}

/** A function that has begun is not stopped, a finished one stays as it is. Throws for an unknown id. */
export function cancelScheduled(transaction: Transaction, id: JSONValue | undefined, now: number): void {
  const document = typeof id === 'string' ? transaction.peek(id) : null
  if (document?.table !== '_scheduled_functions')
    throw new Error(`There is no scheduled function with ID ${JSON.stringify(id)}`)
  const { state } = documentValue(document) as unknown as ScheduledRow
  if (state.kind !== 'pending' && state.kind !== 'inProgress') return
  patchSystemRow<ScheduledRow>(transaction, document, { state: { kind: 'canceled' }, completedTime: now })
}
