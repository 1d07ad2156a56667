import type { JSONValue } from 'convex/values'
import { Answer } from './Answer'
import type { Environment } from './Environment'
import { formatLine } from './functions/Frame'
import { toFailure } from './functions/FunctionFailure'
import type { FunctionHost } from './functions/FunctionHost'
import type { Finished, FunctionRunner } from './functions/FunctionRunner'
import { Inspection } from './Inspection'
import type { LogRing } from './LogRing'
import { assertDeployable, indexesOf } from './assertDeployable'
import { recallRequest, rememberRequest, type RequestKey } from './RequestMemory'
import type { CronRunner } from './scheduler/CronRunner'
import type { Scheduler } from './scheduler/Scheduler'
import { readPage } from './store/queryTransaction'
import { RangeReadSet } from './store/RangeReadSet'
import type { Store } from './store/Store'
import type {
  AuthProvider,
  Engine,
  Caller,
  FunctionCall,
  FunctionSpec,
  FunctionType,
  MutationRun,
  Outcome,
  QueryRun,
  ReadSet,
  TablePage,
} from './types'

interface Parts {
  store: Store
  host: FunctionHost
  runner: FunctionRunner
  environment: Environment
  scheduler: Scheduler
  crons: CronRunner
  logs: LogRing
  /** Closes the log and gives up the folder. */
  release: () => Promise<void>
}

/**
 * The parts of the engine behind the border of `types.ts`. What it answers as done is on the disk: a caller that goes on from
 * an answer must not find after a crash that it was never given.
 */
export class EmbeddedEngine implements Engine {
  readonly environment: Engine['environment']
  readonly inspection: Engine['inspection']
  private readonly reloadListeners = new Set<() => void>()
  private closing: Promise<void> | null = null

  constructor(private readonly parts: Parts) {
    const { environment, store, runner, host, crons } = parts
    this.environment = {
      list: () => environment.list(),
      update: (changes) => environment.update(store, runner, changes),
    }
    this.inspection = new Inspection(store, () => host.current().crons, crons)
  }

  async query(call: FunctionCall & { journal?: string | null }): Promise<QueryRun> {
    const run = await this.parts.runner.query(reach(call), call.journal ?? null)
    return { outcome: toOutcome(run), ts: run.ts, reads: run.reads, journal: run.journal }
  }

  async mutation(call: FunctionCall & { dedupe?: RequestKey }): Promise<MutationRun> {
    const { dedupe } = call
    const recalled: MutationRun[] = []
    let snapshotTs = this.latestTs()
    const run = await this.parts.runner.mutation(reach(call), {
      before: (transaction) => {
        snapshotTs = transaction.snapshot.ts
        const before = dedupe ? recallRequest(transaction, dedupe) : null
        if (before) recalled.push(before)
        return before === null
      },
      after: (transaction, finished) => {
        if (dedupe) rememberRequest(transaction, dedupe, finished)
      },
    })
    // What is recalled was committed at the latest in the snapshot it was found in.
    await this.parts.store.flush(run?.ts ?? snapshotTs)
    if (run) return { outcome: toOutcome(run), ts: run.ts }
    const [before] = recalled
    if (!before) throw new Error(`The mutation ${call.path} was not run`)
    return before
  }

  async action(call: FunctionCall): Promise<Outcome> {
    const { runner, store } = this.parts
    const { losses } = store
    const run = await runner.action(reach(call))
    await store.flushSince(losses)
    return toOutcome(run)
  }

  async http(request: Request, caller: Caller = { identity: { kind: 'none' } }): Promise<Response> {
    const { pathname } = new URL(request.url)
    const routed = this.parts.host.current().route(pathname, request.method)
    if (!routed) return new Response(`No HttpAction routed for ${pathname}`, { status: 404 })
    const { runner, store } = this.parts
    const { losses } = store
    try {
      const response = await runner.http(routed.handler, routed.route, request, caller)
      await store.flushSince(losses)
      return response
    } catch (thrown: unknown) {
      return Response.json({ code: 'Server Error', trace: toFailure(thrown).clientMessage }, { status: 500 })
    }
  }

  latestTs(): bigint {
    return this.parts.store.snapshot.ts
  }

  durable(ts: bigint): Promise<void> {
    return this.parts.store.flush(ts)
  }

  watch({ reads, ts }: Pick<QueryRun, 'reads' | 'ts'>, onTouched: (ts: bigint) => void): () => void {
    return this.parts.store.watches.watch(rangesOf(reads), ts, onTouched)
  }

  heldSince(ts: bigint, run: Pick<QueryRun, 'reads' | 'ts'>): boolean {
    return this.parts.store.watches.firstTouch(rangesOf(run.reads), ts, run.ts) === null
  }

  onReload(listener: () => void): () => void {
    this.reloadListeners.add(listener)
    return () => this.reloadListeners.delete(listener)
  }

  functionSpecs(): FunctionSpec[] {
    return this.parts.host.current().specs()
  }

  functionType(path: string): FunctionType | undefined {
    return this.parts.host.current().find(path)?.type
  }

  authProviders(): AuthProvider[] {
    return this.parts.host.current().authProviders
  }

  tables(): string[] {
    const { host, store } = this.parts
    const names = new Set([...host.current().schemaTables, ...store.snapshot.tables.names])
    return [...names].filter((name) => !name.startsWith('_')).sort()
  }

  readTable(
    table: string,
    { order, cursor, numItems }: { order: 'asc' | 'desc'; cursor: string | null; numItems: number },
  ): TablePage {
    if (!this.tables().includes(table)) throw new Error(`There is no table "${table}"`)
    const { page, isDone, continueCursor } = readPage(this.parts.store.begin(), {
      query: { source: { type: 'FullTableScan', tableName: table, order }, operators: [] },
      ...{ cursor, endCursor: null, pageSize: numItems },
    })
    return { page: page.map((json) => JSON.parse(json) as JSONValue), isDone, continueCursor }
  }

  logsAfter(cursor: number, timeoutMs: number): ReturnType<Engine['logsAfter']> {
    return this.parts.logs.after(cursor, timeoutMs)
  }

  onCall(listener: Parameters<Engine['onCall']>[0]): () => void {
    return this.parts.logs.onEntry(listener)
  }

  sourceFolders(): readonly string[] {
    return this.parts.host.folders()
  }

  async reload(): Promise<void> {
    const { host, runner, store, crons } = this.parts
    const { functions, adopt } = await host.prepare()
    await runner.exclusively(async () => {
      await store.flush()
      assertDeployable(functions, store.snapshot.tables)
      store.redefine(indexesOf(functions))
      adopt()
    })
    await crons.update(host.current().crons)
    for (const listener of this.reloadListeners) listener()
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown()
    return this.closing
  }

  private async shutDown(): Promise<void> {
    const { crons, scheduler, runner, logs, release } = this.parts
    crons.stop()
    scheduler.stop()
    logs.wakeAll()
    await runner.idle()
    await release()
  }
}

function reach(call: FunctionCall): FunctionCall & { internal: boolean } {
  return { ...call, internal: call.identity.kind === 'admin' }
}

function rangesOf(reads: ReadSet): RangeReadSet {
  if (reads instanceof RangeReadSet) return reads
  throw new Error('These reads are none of this engine')
}

function toOutcome({ result, lines }: Finished): Outcome {
  const logLines = lines.map(formatLine)
  if (result.kind === 'ok') return new Answer(result.json, logLines)
  const { clientMessage: errorMessage, data: errorData } = result.failure
  return { kind: 'error', errorMessage, ...(errorData === undefined ? {} : { errorData }), logLines }
}
