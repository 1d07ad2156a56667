import { describe, expect, it } from 'vitest'
import { errorOf, type ErrorCode } from '../contract'
import {
  everything,
  makeWorld,
  publicFunctions,
  witnessOf,
  type PublicFunction,
  type World,
} from './everyFunction'
import { useBackend } from './setup'

/**
 * Who may call what: a row for every public function, and none too many. A person's function is called as nobody, as somebody
 * else and as the owner; a worker's with the credentials of every kind of worker. Who may not is refused by a code and
 * changes nothing.
 */

const backend = useBackend()
const page = { paginationOpts: { numItems: 10, cursor: null } }

type WorkerCaller = keyof World['credentials']
type Answer = ErrorCode | 'ok'

/** What the open incarnations of workers get that are refused nothing by their credentials. */
interface ByWorker {
  online: Answer
  pending: Answer
  foreign: Answer
}

/** For the owner, with arguments that he may use; `stranger`: what somebody else is told. */
type Row =
  | { for: 'anybody'; args: object }
  | { for: 'people'; args: (world: World) => object; stranger: Answer }
  | ({ for: 'workers'; args: (world: World) => object } & ByWorker)
  | { for: 'registering' }
  | { for: 'supervisors'; args: object }

const own = { stranger: 'ok' } as const
const admins = { stranger: 'FORBIDDEN' } as const
const others = { stranger: 'NOT_FOUND' } as const
const anyWorker: ByWorker = { online: 'ok', pending: 'ok', foreign: 'ok' }
const itsChats: ByWorker = { online: 'ok', pending: 'WORKER_NOT_APPROVED', foreign: 'NOT_FOUND' }

const rows: Record<string, Row> = {
  'auth:isAuthenticated': { for: 'anybody', args: {} },
  // Without parameters: tokens to be renewed that do not exist, and a session to be ended that does not.
  'auth:signIn': { for: 'anybody', args: { refreshToken: 'a|b' } },
  'auth:signOut': { for: 'anybody', args: {} },

  'chat:startSession': { for: 'people', args: ({ worker: { workerId } }) => ({ workerId }), ...others },
  'chat:sendMessage': { for: 'people', args: ({ sessionId }) => ({ sessionId, text: 'hello' }), ...others },
  'chat:endSession': { for: 'people', args: ({ sessionId }) => ({ sessionId }), ...others },
  'chat:getSession': { for: 'people', args: ({ sessionId }) => ({ sessionId }), ...others },
  'chat:listSessions': { for: 'people', args: ({ worker: { workerId } }) => ({ workerId }), ...others },
  'chat:listMessages': { for: 'people', args: ({ sessionId }) => ({ sessionId, ...page }), ...others },
  'invitations:create': { for: 'people', args: () => ({}), ...admins },
  'invitations:list': { for: 'people', args: () => ({}), ...admins },
  'invitations:withdraw': { for: 'people', args: ({ invitationId }) => ({ invitationId }), ...admins },
  'detector:state': { for: 'people', args: () => ({}), ...own },
  'machines:create': { for: 'people', args: () => ({ name: 'new' }), ...own },
  'machines:list': { for: 'people', args: () => page, ...own },
  'machines:remove': { for: 'people', args: ({ machineId }) => ({ machineId }), ...others },
  'users:me': { for: 'people', args: () => ({}), ...own },
  'workerAccess:create': { for: 'people', args: ({ machineId }) => ({ machineId, name: 'new' }), ...others },
  'workerAccess:approve': { for: 'people', args: ({ worker: { workerId } }) => ({ workerId }), ...others },
  'workerAccess:revoke': { for: 'people', args: ({ worker: { workerId } }) => ({ workerId }), ...others },
  'workerAccess:rotate': { for: 'people', args: ({ worker: { workerId } }) => ({ workerId }), ...others },
  'workers:get': { for: 'people', args: ({ worker: { workerId } }) => ({ workerId }), ...others },
  'workers:list': { for: 'people', args: ({ machineId }) => ({ machineId }), ...others },
  'workers:events': { for: 'people', args: ({ worker: { workerId } }) => ({ workerId, ...page }), ...others },
  'workers:models': { for: 'people', args: ({ worker: { workerId } }) => ({ workerId }), ...others },

  'chat:queued': { for: 'workers', args: () => ({}), ...anyWorker },
  // Of another worker's chats it is only said that there is nothing to be had.
  'chat:claim': {
    for: 'workers',
    args: ({ queued }) => ({ messageId: queued }),
    ...itsChats,
    foreign: 'ok',
  },
  'chat:append': {
    for: 'workers',
    args: ({ writing }) => ({ messageId: writing, index: 0, text: 'x' }),
    ...itsChats,
  },
  'chat:complete': { for: 'workers', args: ({ writing }) => ({ messageId: writing }), ...itsChats },
  'chat:fail': { for: 'workers', args: ({ writing }) => ({ messageId: writing, cause: 'x' }), ...itsChats },
  'chat:interrupt': {
    for: 'workers',
    args: ({ writing }) => ({ messageId: writing, cause: 'x' }),
    ...itsChats,
  },
  'chat:linkSession': {
    for: 'workers',
    args: ({ sessionId }) => ({ sessionId, opencodeSessionId: 'ses_1' }),
    ...itsChats,
  },
  'chat:suspendSession': { for: 'workers', args: ({ sessionId }) => ({ sessionId }), ...itsChats },
  'workers:heartbeat': { for: 'workers', args: () => ({ seq: 9 }), ...anyWorker },
  'workers:self': { for: 'workers', args: () => ({}), ...anyWorker },
  'workers:ready': {
    for: 'workers',
    args: () => ({ opencodeVersion: '1' }),
    ...anyWorker,
    pending: 'WORKER_OFFLINE',
  },
  'workers:publishModels': { for: 'workers', args: () => ({ models: [] }), ...anyWorker },
  'workers:beginDraining': {
    for: 'workers',
    args: () => ({ cause: 'SIGINT', deadlineMs: 1_000 }),
    ...anyWorker,
  },
  'workers:goOffline': { for: 'workers', args: () => ({ reason: 'shutdown', evidence: {} }), ...anyWorker },
  'workers:register': { for: 'registering' },
  'workers:reportExit': { for: 'supervisors', args: { exitCode: 1 } },
  'workers:reportHang': { for: 'supervisors', args: { isHung: true } },
}

/** What every call is told that comes with the credentials of such a worker, whatever it asks for. */
const refusedBy: Partial<Record<WorkerCaller, ErrorCode>> = {
  revoked: 'WORKER_REVOKED',
  superseded: 'SUPERSEDED',
  closed: 'INCARNATION_CLOSED',
  wrong: 'WRONG_SECRET',
}

type Client = Pick<World['t'], 'query' | 'mutation' | 'action'>

/** Calls it; a refusal must leave everything as it was. */
async function answerTo(world: World, as: Client, fn: PublicFunction, args: object): Promise<Answer> {
  const before = await everything(world)
  try {
    await (as[fn.kind] as (reference: unknown, args: object) => Promise<unknown>)(fn.reference, args)
    return 'ok'
  } catch (error) {
    expect(await everything(world), `${fn.path} was refused and changed something`).toEqual(before)
    const code = errorOf(error)?.code
    if (code === undefined) throw error
    return code
  }
}

it('has a row for every public function', async () => {
  expect(Object.keys(rows).sort()).toEqual((await publicFunctions()).map(({ path }) => path))
})

describe.each(await publicFunctions())('$path', (fn) => {
  const row = rows[fn.path]
  if (!row) return

  const asks = async (caller: string, expected: Answer, call: (world: World) => [Client, object]) => {
    const world = await makeWorld(backend.t)
    const [client, args] = call(world)
    expect(await answerTo(world, client, fn, args), caller).toBe(expected)
  }

  switch (row.for) {
    case 'anybody':
      it('answers anybody, and changes nothing without a right', async () => {
        const world = await makeWorld(backend.t)
        const before = await everything(world)
        await answerTo(world, world.t, fn, row.args)
        expect(await everything(world)).toEqual(before)
      })
      break
    case 'people':
      it('answers nobody, somebody else and its owner as the table says', async () => {
        await asks('nobody', 'UNAUTHENTICATED', (world) => [world.t, row.args(world)])
        await asks('a stranger', row.stranger, (world) => [world.stranger.as, row.args(world)])
        await asks('the owner', 'ok', (world) => [world.owner.as, row.args(world)])
      })
      break
    case 'workers':
      it('answers every kind of worker as the table says', async () => {
        for (const caller of [
          'online',
          'pending',
          'foreign',
          'revoked',
          'superseded',
          'closed',
          'wrong',
        ] as const) {
          const expected = refusedBy[caller] ?? row[caller as keyof ByWorker]
          await asks(caller, expected, (world) => [
            world.t,
            { credentials: world.credentials[caller], ...row.args(world) },
          ])
        }
      })
      break
    case 'registering':
      it('takes the secret of a worker that is not revoked, and no other', async () => {
        const process = {
          ...{ hostname: 'h', pid: 1, directory: '/', key: 'k' },
          versions: { worker: '0', node: '20' },
        }
        for (const caller of [
          'online',
          'pending',
          'foreign',
          'superseded',
          'closed',
          'revoked',
          'wrong',
        ] as const) {
          const expected = caller === 'revoked' || caller === 'wrong' ? (refusedBy[caller] ?? 'ok') : 'ok'
          await asks(caller, expected, (world) => {
            const { workerId, secret } = world.credentials[caller]
            return [world.t, { workerId, secret, ...process }]
          })
        }
      })
      break
    case 'supervisors':
      it('takes the key of an open incarnation, and nothing else', async () => {
        const closed = ['revoked', 'superseded', 'closed'] as const
        for (const caller of ['online', 'pending', 'foreign', ...closed] as const) {
          const expected = closed.some((one) => one === caller) ? 'INCARNATION_CLOSED' : 'ok'
          await asks(caller, expected, (world) => [
            world.t,
            { witness: witnessOf(world.credentials[caller]), ...row.args },
          ])
        }
        await asks('a guess', 'WRONG_SECRET', (world) => [
          world.t,
          { witness: witnessOf(world.credentials.online, 'guess'), ...row.args },
        ])
        await asks('the worker’s own secret', 'WRONG_SECRET', (world) => [
          world.t,
          { witness: witnessOf(world.credentials.online, world.worker.secret), ...row.args },
        ])
      })
      break
    default:
      row satisfies never
  }
})
