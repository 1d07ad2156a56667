import type { Logger } from 'pino'
import type { FunctionRunner } from '../functions/FunctionRunner'
import type { CronDefinition, LoadedFunctions } from '../functions/LoadedFunctions'
import type { Store } from '../store/Store'
import { firstSystemRow, insertSystemRow, patchSystemRow, systemRows } from '../store/systemRows'
import type { CronRow } from '../store/systemTables'
import type { Transaction } from '../store/Transaction'
import { Alarm } from './Alarm'
import { nextRun } from './nextRun'
import type { CronJob } from '../types'

const TABLE = '_crons'
/** How long nothing begins while the data folder cannot be written. */
const RETRY_MS = 1_000

/**
 * Runs the default export of `crons.ts`. Each job's next time is a row: a new interval job runs at once, a job that came due
 * while the backend was down or the last run went on runs once, and what was missed beside is skipped.
 */
export class CronRunner {
  private readonly alarm = new Alarm(() => this.runDue())
  private readonly running = new Set<string>()
  /** What each job did last, since the start. */
  readonly lastRuns = new Map<string, NonNullable<CronJob['lastRun']>>()
  private definitions: ReadonlyMap<string, CronDefinition> | null = null

  constructor(
    private readonly store: Store,
    private readonly runner: FunctionRunner,
    private readonly loaded: () => LoadedFunctions,
    private readonly logger: Logger,
  ) {}

  /** Takes over the jobs of `definitions`; rows of jobs that are gone go too. */
  async update(definitions: ReadonlyMap<string, CronDefinition>): Promise<void> {
    await this.runner.transact((transaction) => {
      for (const { document, value } of [...systemRows<CronRow>(transaction, TABLE, 'by_name')]) {
        if (!definitions.has(value.name)) transaction.remove(document)
      }
      for (const [name, { schedule }] of definitions) {
        const now = Date.now()
        const first = schedule.type === 'interval' ? now : nextRun(name, schedule, now, now)
        this.writeRow(transaction, { name, schedule: JSON.stringify(schedule), nextRun: first }, 'if changed')
      }
    })
    this.definitions = definitions
    this.arm()
  }

  stop(): void {
    this.definitions = null
    this.alarm.clear()
  }

  private arm(): void {
    if (!this.definitions) return
    const times = [...systemRows<CronRow>(this.store.snapshot, TABLE, 'by_name')]
      .filter(({ value }) => !this.running.has(value.name))
      .map(({ value }) => value.nextRun)
    const earliest = this.store.isWritable ? 0 : Date.now() + RETRY_MS
    this.alarm.set(times.length > 0 ? Math.max(earliest, Math.min(...times)) : null)
  }

  private runDue(): void {
    for (const { value } of [...systemRows<CronRow>(this.store.snapshot, TABLE, 'by_name')]) {
      const definition = this.definitions?.get(value.name)
      if (!definition || this.running.has(value.name) || value.nextRun > Date.now()) continue
      if (!this.store.isWritable) break
      this.running.add(value.name)
      void this.run(definition, value)
        .catch((error: unknown) => this.logger.error({ error, cron: value.name }, 'cron job not run'))
        .finally(() => {
          this.running.delete(value.name)
          this.arm()
        })
    }
    this.arm()
  }

  private async run({ name: path, args, schedule }: CronDefinition, row: CronRow): Promise<void> {
    const next = nextRun(row.name, schedule, row.nextRun, Date.now())
    await this.runner.transact((transaction) =>
      this.writeRow(transaction, { ...row, nextRun: next }, 'always'),
    )
    const call = { path, args: args[0] ?? {}, identity: { kind: 'none' }, internal: true } as const
    const isAction = this.loaded().find(path)?.type === 'action'
    const at = Date.now()
    const finished = isAction ? await this.runner.action(call) : await this.runner.mutation(call)
    const error = finished?.result.kind === 'failed' ? finished.result.failure.clientMessage : null
    this.lastRuns.set(row.name, { at, ms: Date.now() - at, error })
    if (finished?.result.kind === 'failed') {
      this.logger.warn(
        { cron: row.name, function: path, reason: finished.result.failure.clientMessage },
        'cron job failed',
      )
    }
  }

  private writeRow(transaction: Transaction, row: CronRow, when: 'always' | 'if changed'): void {
    const { name, schedule, nextRun } = row
    const known = firstSystemRow<CronRow>(transaction, TABLE, 'by_name', [name])
    if (!known) insertSystemRow(transaction, TABLE, { name, schedule, nextRun })
    else if (when === 'always' || known.value.schedule !== schedule) {
      patchSystemRow<CronRow>(transaction, known.document, { schedule, nextRun })
    }
  }
}
