import { api, internal } from '@rollcall/backend/api'
import { defaultSettings, SECOND } from '@rollcall/backend/contract'
import type { DataModel, Doc, Id } from '@rollcall/backend/dataModel'
import { makeFunctionReference, type GenericMutationCtx, type GenericQueryCtx } from 'convex/server'
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { openConvexTest, schemaOf, type ConvexTest } from './ConvexTest'
import { costSoFar, type Cost } from './Cost'
import { moduleMap } from './moduleMap'
import type { StoppedClock } from './stopClock'

type Ctx = GenericMutationCtx<DataModel>

export const PER_MACHINE = 10
/** Inserted in one transaction. */
const BATCH = 500
const SECRET = 's'.repeat(43)
const EMAIL = 'owner@example.com'

const seedMachine = makeFunctionReference<
  'mutation',
  { ownerEmail: string; name: string; workers: number; secretHash: string },
  Id<'workers'>[]
>('seed:machine')

interface Row {
  machine: Doc<'machines'>
  workers: { worker: Doc<'workers'>; liveness: Doc<'liveness'>; day: Doc<'uptimeDays'> }[]
}

/**
 * Our functions with a fleet of online workers, ten to a machine, under convex-test. The first machine is made by the functions
 * themselves; the others are copies of its documents, since to make thousands takes minutes.
 */
export class CountedFleet {
  private constructor(
    private readonly t: ConvexTest<DataModel>,
    private readonly clock: StoppedClock,
    private readonly workers: readonly Id<'workers'>[],
    private readonly userId: Id<'users'>,
    private readonly machineId: Id<'machines'>,
  ) {}

  static async make(workers: number, clock: StoppedClock): Promise<CountedFleet> {
    const convex = dirname(dirname(createRequire(import.meta.url).resolve('@rollcall/backend/api')))
    const seed = () => import('@rollcall/backend/seed')
    const modules = { ...moduleMap(convex, '.ts'), 'convex/seed.ts': seed }
    const t = openConvexTest<DataModel>(await schemaOf(modules), modules)
    const userId = await t.mutation((ctx) => ctx.db.insert('users', { email: EMAIL }))
    const secretHash = createHash('sha256').update(SECRET).digest('hex')
    const machine = { ownerEmail: EMAIL, name: 'machine-0', workers: PER_MACHINE, secretHash }
    const seeded = await t.mutation((ctx) => ctx.runMutation(seedMachine, machine))
    const row = await t.mutation((ctx) => readRow(ctx, seeded))
    const all = [...seeded]
    for (let from = all.length; from < workers; from += BATCH) {
      const machines = Math.ceil((Math.min(workers, from + BATCH) - from) / PER_MACHINE)
      await t.mutation(async (ctx) => {
        for (let i = 0; i < machines; i += 1) all.push(...(await copyRow(ctx, row, `machine-${from}-${i}`)))
      })
    }
    return new CountedFleet(t, clock, all, userId, row.machine._id)
  }

  async heartbeat(): Promise<Cost> {
    const [workerId = ''] = this.workers
    const args = { credentials: { workerId, secret: SECRET, epoch: 1 }, seq: 1 }
    return await this.costOf(async (ctx) => {
      const { kind } = await ctx.runMutation(api.workers.heartbeat, args)
      if (kind !== 'counted') throw new Error(`the heartbeat was ${kind}`)
    })
  }

  /** A sweep that has to find so many. */
  async sweep(expected: number): Promise<Cost> {
    return await this.costOf(async (ctx) => {
      const { markedOfflineCount } = await ctx.runMutation(internal.cleanupTasks.detectStaleWorkers, {})
      if (markedOfflineCount !== expected) throw new Error(`the sweep found ${markedOfflineCount}`)
    })
  }

  /** Makes the first worker of so many machines stale. */
  async silence(machines: number): Promise<void> {
    const lastHeartbeatAt = Date.now() - defaultSettings.staleThresholdMs - SECOND
    await this.t.mutation(async (ctx) => {
      for (let machine = 0; machine < machines; machine += 1) {
        const workerId = this.workers[machine * PER_MACHINE]
        if (workerId === undefined) throw new Error('the fleet has too few machines')
        const liveness = await livenessOf(ctx, workerId)
        await ctx.db.patch('liveness', liveness._id, { lastHeartbeatAt })
      }
    })
  }

  /** Lets as much time pass as makes everybody stale. */
  silenceAll(): void {
    this.clock.move(defaultSettings.staleThresholdMs + SECOND)
  }

  /** What an open page runs: the list of machines, and the workers of one of them. */
  async lists(): Promise<{ machines: Cost; workers: Cost }> {
    const expirationTime = Date.now() + defaultSettings.requestTimeoutMs
    const session = await this.t.mutation((ctx) =>
      ctx.db.insert('authSessions', { userId: this.userId, expirationTime }),
    )
    const owner = this.t.withIdentity({ subject: `${this.userId}|${session}` })
    const { machineId } = this
    const count = (work: (ctx: GenericQueryCtx<DataModel>) => Promise<unknown>) =>
      owner.query(async (ctx) => {
        await work(ctx)
        return await costSoFar(ctx)
      })
    const paginationOpts = { numItems: 200, cursor: null }
    return {
      machines: await count((ctx) => ctx.runQuery(api.machines.list, { paginationOpts })),
      workers: await count((ctx) => ctx.runQuery(api.workers.list, { machineId })),
    }
  }

  private costOf(work: (ctx: Ctx) => Promise<void>): Promise<Cost> {
    return this.t.mutation(async (ctx) => {
      await work(ctx)
      return await costSoFar(ctx)
    })
  }
}

async function livenessOf(ctx: Ctx, workerId: Id<'workers'>): Promise<Doc<'liveness'>> {
  const liveness = await ctx.db
    .query('liveness')
    .withIndex('by_worker', (q) => q.eq('workerId', workerId))
    .unique()
  if (liveness === null) throw new Error('no liveness')
  return liveness
}

async function readRow(ctx: Ctx, ids: readonly Id<'workers'>[]): Promise<Row> {
  const workers = []
  for (const id of ids) {
    const worker = await ctx.db.get('workers', id)
    const day = await ctx.db
      .query('uptimeDays')
      .withIndex('by_worker', (q) => q.eq('workerId', id))
      .first()
    if (!worker || !day) throw new Error('a worker is not as a start leaves it')
    workers.push({ worker, liveness: await livenessOf(ctx, id), day })
  }
  const machine = workers[0] && (await ctx.db.get('machines', workers[0].worker.machineId))
  if (!machine) throw new Error('no machine')
  return { machine, workers }
}

async function copyRow(ctx: Ctx, row: Row, name: string): Promise<Id<'workers'>[]> {
  const machineId = await ctx.db.insert('machines', { ...bare(row.machine), name })
  const ids: Id<'workers'>[] = []
  for (const { worker, liveness, day } of row.workers) {
    const workerId = await ctx.db.insert('workers', { ...bare(worker), machineId })
    await ctx.db.insert('liveness', { ...bare(liveness), workerId })
    await ctx.db.insert('uptimeDays', { ...bare(day), workerId })
    ids.push(workerId)
  }
  return ids
}

/** What was written of it. */
function bare<T extends { _id: unknown; _creationTime: number }>({
  _id,
  _creationTime,
  ...written
}: T): Omit<T, '_id' | '_creationTime'> {
  return written
}
