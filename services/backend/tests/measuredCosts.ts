import { getDocumentSize } from 'convex/values'
import { vi } from 'vitest'
import { defaultSettings, MINUTE, SECOND } from '../contract'
import { api, internal } from '../convex/_generated/api'
import type { Id } from '../convex/_generated/dataModel'
import type { MutationCtx, QueryCtx } from '../convex/_generated/server'
import { witnessOf } from './everyFunction'
import { makeOwner, makeWorker, register, type Backend, type Member, type Owner } from './setup'

/** What a deployment bills of an operation. `bytes`: of the documents read and written, as Convex sizes them. */
export interface Cost {
  calls: number
  read: number
  written: number
  bytes: number
  scheduled: number
}

const MACHINES = 6
const PER_MACHINE = 10
/** Found by one sweep. */
export const LOST = 10

/** An answer of two thousand characters, told in fifty appends, and what a chat has of others by then. */
export const chat = {
  appends: 50,
  appended: 'forty characters of an answer, as such is',
  earlier: 8,
  question: 200,
}

const models = Array.from({ length: 10 }, (_, i) => ({ id: `provider/model-${i}`, name: `Model ${i}` }))

async function costSoFar(ctx: Pick<QueryCtx, 'meta'>): Promise<Cost> {
  const metrics = await ctx.meta.getTransactionMetrics()
  return {
    calls: 1,
    read: metrics.documentsRead.used,
    written: metrics.documentsWritten.used,
    bytes: metrics.bytesRead.used + metrics.bytesWritten.used,
    scheduled: metrics.functionsScheduled.used,
  }
}

async function ofMutation<T>(
  as: Pick<Backend, 'mutation'>,
  run: (ctx: MutationCtx) => Promise<T>,
): Promise<{ cost: Cost; value: T }> {
  return await as.mutation(async (ctx) => ({ value: await run(ctx), cost: await costSoFar(ctx) }))
}

async function ofQuery(as: Pick<Backend, 'query'>, run: (ctx: QueryCtx) => Promise<unknown>): Promise<Cost> {
  return await as.query(async (ctx) => {
    await run(ctx)
    return await costSoFar(ctx)
  })
}

/** One after another. */
export function sum(costs: readonly Cost[]): Cost {
  const total: Cost = { calls: 0, read: 0, written: 0, bytes: 0, scheduled: 0 }
  for (const cost of costs) for (const key of keys) total[key] += cost[key]
  return total
}

const keys = ['calls', 'read', 'written', 'bytes', 'scheduled'] as const

export type Costs = Awaited<ReturnType<typeof measureCosts>>['costs']
export type Sizes = Awaited<ReturnType<typeof measureCosts>>['sizes']

/** Runs each operation once in a fleet of `MACHINES` times `PER_MACHINE` online workers. For a fresh backend on fake time. */
export async function measureCosts(t: Backend) {
  const owner = await makeOwner(t)
  const fleet = await onlineFleet(t, owner)
  const [first] = fleet
  if (!first) throw new Error('a fleet')

  // The starts of the fleet have asked for one.
  const judgement = await costOfJudgement(t)
  const presence = await costsOfPresence(t, first)
  const sweeps = await costsOfSweeps(t, fleet)
  const views = await costsOfViews(t, owner, first)
  const chats = await costsOfChat(t, owner, first)
  const scraped = await ofQuery(t, (ctx) => ctx.runQuery(internal.metrics.read, {}))
  const costs = {
    ...presence,
    judgement,
    ...sweeps,
    ...views,
    ...chats,
    /** The HTTP action besides its query. */
    scrape: { ...scraped, calls: 2 },
  }
  return { costs, sizes: await sizesOf(t, first.worker.workerId) }
}

async function onlineFleet(t: Backend, owner: Owner): Promise<Member[]> {
  const fleet: Member[] = []
  let machineId: Id<'machines'> | undefined
  for (let i = 0; i < MACHINES * PER_MACHINE; i++) {
    const on = i % PER_MACHINE === 0 ? undefined : machineId
    const worker = await makeWorker(owner, { name: `worker-${i}`, machine: `machine-${i}`, machineId: on })
    machineId = worker.machineId
    fleet.push({ worker, credentials: await register(t, worker) })
  }
  return fleet
}

/** Whether something is wrong with the fleet: asked for by each transition, once for those that come together. */
async function costOfJudgement(t: Backend): Promise<Cost> {
  const watch = await t.run((ctx) => ctx.db.query('alertWatch').first())
  const dueAt = watch?.nextAt
  if (dueAt == null) throw new Error('no judgement was asked for')
  return (await ofMutation(t, (ctx) => ctx.runMutation(internal.alerts.judgeFleet, { dueAt }))).cost
}

/** Of a worker that beats, crashes and starts again. */
async function costsOfPresence(t: Backend, member: Member) {
  const { cost: heartbeat } = await ofMutation(t, (ctx) =>
    ctx.runMutation(api.workers.heartbeat, { credentials: member.credentials, seq: 1 }),
  )
  const witness = witnessOf(member.credentials)
  const { cost: crash } = await ofMutation(t, (ctx) =>
    ctx.runMutation(api.workers.reportExit, { witness, signal: 'SIGKILL', noticedAfterMs: 5 }),
  )
  const { workerId, secret } = member.worker
  const { cost: registering, value } = await ofMutation(t, (ctx) =>
    ctx.runMutation(api.workers.register, {
      ...{ workerId, secret, hostname: 'build-03', pid: 4_711, directory: '/srv/app', key: 'started-again' },
      versions: { worker: '0.1.0', node: '20.19.0' },
    }),
  )
  if (value.kind === 'refused') throw new Error(value.message)
  member.credentials = { workerId, secret, epoch: value.epoch }
  const { credentials } = member
  const { cost: ready } = await ofMutation(t, (ctx) =>
    ctx.runMutation(api.workers.ready, { credentials, opencodeVersion: '1.0.0' }),
  )
  const { cost: publishing } = await ofMutation(t, (ctx) =>
    ctx.runMutation(api.workers.publishModels, { credentials, models }),
  )
  return { heartbeat, crash, ready, start: sum([registering, ready, publishing]) }
}

/** Of a sweep that finds nobody, of one that finds `LOST`, and of the beat by which one of these is back. */
async function costsOfSweeps(t: Backend, fleet: readonly Member[]) {
  const sweep = () => ofMutation(t, (ctx) => ctx.runMutation(internal.cleanupTasks.detectStaleWorkers, {}))
  const { cost: idleSweep } = await sweep()
  vi.setSystemTime(Date.now() + MINUTE)
  const lost = fleet.slice(-LOST)
  for (const { credentials } of fleet.slice(0, -LOST)) {
    await t.mutation(api.workers.heartbeat, { credentials, seq: 2 })
  }
  vi.setSystemTime(Date.now() - MINUTE + defaultSettings.staleThresholdMs + SECOND)
  const { cost: findingSweep, value } = await sweep()
  if (value.markedOfflineCount !== LOST) throw new Error(`${value.markedOfflineCount} marked`)
  const { cost: recovery } = await ofMutation(t, async (ctx) => {
    const [member] = lost
    if (!member) throw new Error('a lost worker')
    const args = { credentials: member.credentials, seq: 2 }
    const { kind } = await ctx.runMutation(api.workers.heartbeat, args)
    if (kind !== 'recovered') throw new Error(kind)
  })
  return { idleSweep, findingSweep, recovery }
}

/** What is read again for those who follow it. */
async function costsOfViews(t: Backend, { as }: Owner, { worker, credentials }: Member) {
  const machineView = await ofQuery(as, (ctx) =>
    ctx.runQuery(api.workers.list, { machineId: worker.machineId }),
  )
  const workerView = await ofQuery(as, (ctx) => ctx.runQuery(api.workers.get, { workerId: worker.workerId }))
  const detectorView = await ofQuery(as, (ctx) => ctx.runQuery(api.detector.state, {}))
  const followed = [api.workers.self, api.answers.queued, api.answers.stops, api.requests.replies]
  const ownViews = []
  for (const query of followed) ownViews.push(await ofQuery(t, (ctx) => ctx.runQuery(query, { credentials })))
  return { machineView, workerView, detectorView, ownViews: sum(ownViews) }
}

/** Of one answer in a chat that has some already; the chat is looked at when half of the answer is there. */
async function costsOfChat(t: Backend, { as }: Owner, { worker, credentials }: Member) {
  const { workerId } = worker
  const sessionId = await as.mutation(api.chat.startSession, { workerId })
  await t.run(async (ctx) => {
    const text = 'x'.repeat(chat.appends * chat.appended.length)
    const earlier = { sessionId, workerId, role: 'assistant' as const, status: 'completed' as const, text }
    for (let i = 0; i < chat.earlier; i++) await ctx.db.insert('messages', earlier)
  })
  const asking = await ofMutation(as, (ctx) =>
    ctx.runMutation(api.chat.sendMessage, { sessionId, text: 'x'.repeat(chat.question) }),
  )
  const [next] = await t.query(api.answers.queued, { credentials })
  if (!next) throw new Error('a queued answer')
  const { messageId } = next
  const claiming = await ofMutation(t, (ctx) =>
    ctx.runMutation(api.answers.claim, { credentials, messageId }),
  )
  const appends: Cost[] = []
  const chatViews: Cost[] = []
  for (let index = 0; index < chat.appends; index++) {
    const part = { credentials, messageId, index, text: chat.appended }
    appends.push((await ofMutation(t, (ctx) => ctx.runMutation(api.answers.append, part))).cost)
    if (index === chat.appends / 2) chatViews.push(await chatView(as, sessionId))
  }
  const ending = await ofMutation(t, (ctx) =>
    ctx.runMutation(api.answers.complete, { credentials, messageId }),
  )
  const sessionView = await ofQuery(as, (ctx) => ctx.runQuery(api.chat.getSession, { sessionId }))
  return {
    append: appends[chat.appends / 2] ?? sum([]),
    answer: sum([asking.cost, claiming.cost, ...appends, ending.cost]),
    chatView: sum(chatViews),
    sessionView,
  }
}

async function chatView(as: Owner['as'], sessionId: Id<'sessions'>): Promise<Cost> {
  const paginationOpts = { numItems: 50, cursor: null }
  return await ofQuery(as, (ctx) => ctx.runQuery(api.chat.listMessages, { sessionId, paginationOpts }))
}

/** Bytes of the documents of a worker and of a chat, as the operations left them. */
async function sizesOf(t: Backend, workerId: Id<'workers'>) {
  return await t.run(async (ctx) => {
    const average = (documents: Parameters<typeof getDocumentSize>[0][]) =>
      documents.reduce((total, document) => total + getDocumentSize(document), 0) / documents.length
    const worker = await ctx.db.get('workers', workerId)
    if (worker === null) throw new Error('the worker is gone')
    const days = await ctx.db
      .query('uptimeDays')
      .withIndex('by_worker', (q) => q.eq('workerId', workerId))
      .take(1)
    return {
      worker:
        getDocumentSize(worker) +
        average(await ctx.db.query('liveness').take(1)) +
        average(await ctx.db.query('workerModels').take(1)) +
        average(await ctx.db.query('machines').take(1)) / PER_MACHINE,
      uptimeDay: average(days),
      event: average(await ctx.db.query('workerEvents').take(1_000)),
      message: average(await ctx.db.query('messages').take(chat.earlier)),
    }
  })
}
