import {
  componentsGeneric,
  defineSchema,
  makeFunctionReference,
  type FunctionReference,
  type GenericDataModel,
  type GenericMutationCtx,
} from 'convex/server'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { SECOND } from '@rollcall/backend/contract'
import { openConvexTest, schemaOf, type ConvexTest } from './ConvexTest'
import { costSoFar, type Cost } from './Cost'
import { PER_MACHINE } from './CountedFleet'
import { moduleMap } from './moduleMap'
import type { StoppedClock } from './stopClock'

type Ctx = GenericMutationCtx<GenericDataModel>
type Test = ConvexTest<GenericDataModel>

const NAME = 'presence'
const LOOP = `${NAME}/batchWorker`
/** As of our workers. */
const INTERVAL_MS = 30 * SECOND
/** Of a session without a heartbeat: 2.5 intervals, as the component has it. */
const DEADLINE_MS = 2.5 * INTERVAL_MS
const BATCH = 500

/** Of its public functions; its generated types are for a generated `components`. */
interface PresenceApi {
  heartbeat: FunctionReference<
    'mutation',
    'internal',
    { roomId: string; userId: string; sessionId: string; interval: number },
    { roomToken: string }
  >
  list: FunctionReference<'query', 'internal', { roomToken: string }>
}
const { presence } = componentsGeneric() as unknown as { presence: { public: PresenceApi } }
const loop = makeFunctionReference<'mutation'>('loop:loop')

/**
 * `@convex-dev/presence` with a room for each machine and a session for each worker, under convex-test. The first room is made by
 * its own heartbeats; the others are copies of its documents.
 */
export class CountedPresence {
  private constructor(
    private readonly t: Test,
    private readonly clock: StoppedClock,
    private readonly rooms: number,
    private readonly roomToken: string,
  ) {}

  static async make(workers: number, clock: StoppedClock): Promise<CountedPresence> {
    const modules = { 'convex/_generated/api.js': () => Promise.resolve({}) }
    const t: Test = openConvexTest(defineSchema({}), modules)
    const resolved = createRequire(import.meta.url).resolve('@convex-dev/presence/package.json')
    await register(t, NAME, dirname(resolved))
    const worker = createRequire(resolved).resolve('@convex-dev/batch-worker/package.json')
    await register(t, LOOP, dirname(worker))
    const beatAll = async () => {
      let roomToken = ''
      for (let i = 0; i < PER_MACHINE; i += 1) {
        roomToken = await t.mutation(async (ctx) => (await beat(ctx, 0, i)).roomToken)
      }
      return roomToken
    }
    // Its loop is woken by the first session, finds nobody, and sleeps until the first deadline; until then all have beaten again.
    await beatAll()
    clock.move(SECOND)
    await runLoop(t)
    clock.move(2 * INTERVAL_MS - SECOND)
    const roomToken = await beatAll()
    const rooms = Math.max(1, Math.ceil(workers / PER_MACHINE))
    const perBatch = BATCH / PER_MACHINE
    for (let from = 1; from < rooms; from += perBatch) {
      await t.runInComponent(NAME, (ctx) => copyRooms(ctx, from, Math.min(rooms, from + perBatch)))
    }
    clock.move(DEADLINE_MS - 2 * INTERVAL_MS)
    return new CountedPresence(t, clock, rooms, roomToken)
  }

  async heartbeat(): Promise<Cost> {
    return await this.t.mutation(async (ctx) => {
      await beat(ctx, 0, 0)
      return await costSoFar(ctx)
    })
  }

  /** One run of its loop, which is due. After one that found somebody it is due again at once. */
  async sweep(): Promise<Cost> {
    return await runLoop(this.t)
  }

  /** Makes the first session of so many rooms due. */
  async silence(rooms: number): Promise<void> {
    await this.t.runInComponent(NAME, async (ctx) => {
      for (let room = 0; room < rooms; room += 1) {
        const session = await ctx.db
          .query('sessions')
          .withIndex('sessionId' as never, (q) => q.eq('sessionId', sessionId(room, 0) as never))
          .unique()
        if (!session) throw new Error('too few rooms')
        await ctx.db.patch('sessions', session._id as never, { deadline: Date.now() - SECOND })
      }
    })
  }

  /** Lets as much time pass as makes everybody due. */
  silenceAll(): void {
    this.clock.move(DEADLINE_MS + SECOND)
  }

  /** How many are offline. */
  async offline(): Promise<number> {
    return await this.t.runInComponent(NAME, async (ctx) => {
      const all = await ctx.db.query('presence').take(this.rooms * PER_MACHINE)
      return all.filter((row) => row['online'] === false).length
    })
  }

  async list(): Promise<Cost> {
    const { roomToken } = this
    return await this.t.query(async (ctx) => {
      await ctx.runQuery(presence.public.list, { roomToken })
      return await costSoFar(ctx)
    })
  }
}

const sessionId = (room: number, index: number) => `session-${room}-${index}`

async function runLoop(t: Test): Promise<Cost> {
  return await t.runInComponent(LOOP, async (ctx) => {
    const state = (await ctx.db.query('workerState').first()) as { generation: bigint } | null
    if (!state) throw new Error('its loop does not run')
    const before = await costSoFar(ctx)
    await ctx.runMutation(loop, { name: 'disconnect', generation: state.generation })
    const after = await costSoFar(ctx)
    return { ...after, read: after.read - before.read }
  })
}

async function register(t: Test, path: string, folder: string): Promise<void> {
  const component = join(folder, 'dist/component')
  const modules = moduleMap(component, '.js')
  t.registerComponent(path, await schemaOf(modules), modules)
}

async function beat(ctx: Ctx, room: number, index: number): Promise<{ roomToken: string }> {
  const session = { roomId: `room-${room}`, userId: `worker-${room}-${index}` }
  const args = { ...session, sessionId: sessionId(room, index), interval: INTERVAL_MS }
  return await ctx.runMutation(presence.public.heartbeat, args)
}

/** As `beat` leaves them. */
async function copyRooms(ctx: Ctx, from: number, to: number): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS
  for (let room = from; room < to; room += 1) {
    const roomId = `room-${room}`
    await ctx.db.insert('roomTokens', { roomId, token: `token-${room}` })
    for (let i = 0; i < PER_MACHINE; i += 1) {
      const userId = `worker-${room}-${i}`
      const session = sessionId(room, i)
      await ctx.db.insert('sessions', { roomId, userId, sessionId: session, deadline })
      await ctx.db.insert('presence', { roomId, userId, online: true, lastDisconnected: 0 })
      await ctx.db.insert('sessionTokens', { sessionId: session, token: `token-${session}` })
    }
  }
}
