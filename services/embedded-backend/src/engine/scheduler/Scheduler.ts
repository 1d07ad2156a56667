import { convexToJson } from 'convex/values'
import type { Logger } from 'pino'
import { requestFrom } from '../functions/RequestMetadata'
import type { FunctionRunner, Finished } from '../functions/FunctionRunner'
import type { LoadedFunctions } from '../functions/LoadedFunctions'
import type { Store } from '../store/Store'
import { documentValue, type StoredDocument } from '../store/StoredDocument'
import { patchSystemRow, systemRows } from '../store/systemRows'
import type { ScheduledRow } from '../store/systemTables'
import type { Transaction } from '../store/Transaction'
import { Alarm } from './Alarm'

const TABLE = '_scheduled_functions'
const AT_ONCE = 64
const HOUR_MS = 60 * 60 * 1_000
/** Rows of finished functions stay readable this long. */
const KEPT_MS = HOUR_MS
/** More than one goes per finished one, so that what is left behind shrinks. */
const CLEANED_PER_RUN = 8
/** How long nothing begins while the data folder cannot be written. */
const RETRY_MS = 1_000

/**
 *  pending ──due──▶ (mutation) ──▶ success | failed        in the mutation's own transaction: exactly once
 *     │    ──due──▶ (action) inProgress ──▶ success | failed   durable before it begins: at most once
 *     └──cancel──▶ canceled
 *
 * Runs the rows of `_scheduled_functions` when they are due. The rows are the only state: what a crash interrupted is found
 * again by `start`.
 */
export class Scheduler {
  private readonly alarm = new Alarm(() => this.runDue())
  private readonly running = new Map<string, Promise<void>>()
  private unsubscribe: (() => void) | null = null

  constructor(
    private readonly store: Store,
    private readonly runner: FunctionRunner,
    private readonly loaded: () => LoadedFunctions,
    private readonly logger: Logger,
  ) {}

  /** Fails the actions that a crash interrupted, and arms what is pending. */
  async start(): Promise<void> {
    await this.runner.transact((transaction) => {
      for (const { document } of systemRows<ScheduledRow>(transaction, TABLE, 'by_state', ['inProgress'])) {
        end(transaction, document, { kind: 'failed', error: 'The backend stopped while this action ran' })
      }
    })
    this.unsubscribe = this.store.onCommit((commit) => {
      if (commit.writesTo(TABLE)) this.arm()
    })
    this.arm()
  }

  /** Starts nothing more and waits for mutations that run; an action is left to end by itself. */
  stop(): void {
    this.unsubscribe?.()
    this.unsubscribe = null
    this.alarm.clear()
  }

  get isIdle(): boolean {
    return this.running.size === 0
  }

  get hasPending(): boolean {
    return this.nextDue() !== null
  }

  /** Resolves when nothing runs that had begun. */
  async idle(): Promise<void> {
    while (!this.isIdle) await Promise.all(this.running.values())
  }

  private arm(): void {
    const mayStart = this.unsubscribe && this.running.size < AT_ONCE
    const retryAt = this.store.isWritable ? null : Date.now() + RETRY_MS
    this.alarm.set(mayStart ? (retryAt ?? this.nextDue()) : null)
  }

  private nextDue(): number | null {
    for (const { document, value } of systemRows<ScheduledRow>(this.store.snapshot, TABLE, 'by_state', [
      'pending',
    ])) {
      if (!this.running.has(document.id)) return value.scheduledTime
    }
    return null
  }

  private runDue(): void {
    for (const { document, value } of systemRows<ScheduledRow>(this.store.snapshot, TABLE, 'by_state', [
      'pending',
    ])) {
      if (value.scheduledTime > Date.now() || this.running.size >= AT_ONCE || !this.store.isWritable) break
      if (this.running.has(document.id)) continue
      const run = this.run(document.id, value)
        .catch((error: unknown) =>
          this.logger.error({ error, function: value.name }, 'scheduled function not run'),
        )
        .finally(() => {
          const wasFull = this.running.size >= AT_ONCE
          this.running.delete(document.id)
          // What waited for a place is due: it takes the place without another timer.
          if (wasFull && this.unsubscribe) this.runDue()
          else this.arm()
        })
      this.running.set(document.id, run)
    }
    this.arm()
  }

  private async run(id: string, { name, args }: ScheduledRow): Promise<void> {
    const call = {
      path: name,
      args: convexToJson(args[0] ?? {}),
      identity: { kind: 'none' },
      request: requestFrom(undefined, id),
      internal: true,
    } as const
    if (this.loaded().find(name)?.type === 'action') return this.runAction(id, call)
    const finished = await this.runner.mutation(call, {
      before: (transaction) => stateOf(transaction, id) === 'pending',
      after: (transaction) => finish(transaction, id, { kind: 'success' }),
    })
    if (finished?.result.kind === 'failed') await this.settle(id, finished)
  }

  private async runAction(id: string, call: Parameters<FunctionRunner['action']>[0]): Promise<void> {
    const { losses } = this.store
    const begun = await this.runner.transact((transaction) => {
      const row = transaction.peek(id)
      if (!row || stateOf(transaction, id) !== 'pending') return false
      patchSystemRow<ScheduledRow>(transaction, row, { state: { kind: 'inProgress' } })
      return true
    })
    if (!begun) return
    await this.store.flushSince(losses)
    await this.settle(id, await this.runner.action(call))
  }

  private async settle(id: string, { result }: Finished): Promise<void> {
    const state: ScheduledRow['state'] =
      result.kind === 'ok' ? { kind: 'success' } : { kind: 'failed', error: result.failure.clientMessage }
    for (;;) {
      await this.store.untilWritable()
      const { losses } = this.store
      try {
        await this.runner.transact((transaction) => finish(transaction, id, state))
        await this.store.flushSince(losses)
        return
      } catch (error) {
        // What it did is done: that must be told as soon as there is space again.
        if (this.store.isWritable && this.store.losses === losses) throw error
      }
    }
  }
}

function stateOf(transaction: Transaction, id: string): ScheduledRow['state']['kind'] | null {
  const row = transaction.peek(id)
  return row ? (documentValue(row) as unknown as ScheduledRow).state.kind : null
}

function finish(transaction: Transaction, id: string, state: ScheduledRow['state']): void {
  const row = transaction.peek(id)
  // One that was canceled while it ran stays canceled.
  if (row && stateOf(transaction, id) !== 'canceled') end(transaction, row, state)
  let cleaned = 0
  const completed = systemRows<ScheduledRow>(transaction, TABLE, 'by_completed', [], [null])
  for (const { document, value } of completed) {
    if (cleaned++ >= CLEANED_PER_RUN || (value.completedTime ?? 0) > Date.now() - KEPT_MS) break
    transaction.remove(document)
  }
}

function end(transaction: Transaction, row: StoredDocument, state: ScheduledRow['state']): void {
  patchSystemRow<ScheduledRow>(transaction, row, { state, completedTime: Date.now() })
}
