import type { ValidatorJSON } from 'convex/values'
import type { FunctionReference } from 'convex/server'
import { api } from '../convex/_generated/api'
import { MINUTE, type SharedRole } from '../contract'
import { sha256 } from '../convex/model/tokens'
import type { Doc, Id } from '../convex/_generated/dataModel'
import {
  makeOwner,
  makeWorker,
  modules,
  register,
  WITNESS_KEY,
  type Backend,
  type Owner,
  type WorkerFixture,
} from './setup'

type Kind = 'query' | 'mutation' | 'action'

export interface PublicFunction {
  /** `module:name`. */
  path: string
  kind: Kind
  reference: FunctionReference<Kind>
  /** Its argument validator, as Convex writes it down. */
  args: ValidatorJSON
}

type Registered = Partial<Record<'isPublic' | 'isQuery' | 'isMutation' | 'isAction', true>> & {
  exportArgs?: () => string
}

/** Every public function that is deployed, from the modules themselves, so that a new one cannot be forgotten. */
export async function publicFunctions(): Promise<PublicFunction[]> {
  const found: PublicFunction[] = []
  for (const [file, load] of Object.entries(modules)) {
    const module = /^\.\.\/convex\/(\w+)\.ts$/.exec(file)?.[1]
    if (module === undefined) continue
    for (const [name, exported] of Object.entries((await load()) as Record<string, Registered | undefined>)) {
      if (exported?.isPublic !== true || exported.exportArgs === undefined) continue
      const kind = exported.isQuery ? 'query' : exported.isMutation ? 'mutation' : 'action'
      const tree = api as unknown as Record<string, Record<string, FunctionReference<Kind>>>
      const reference = tree[module]?.[name]
      if (!reference) throw new Error(`api.${module}.${name} is not generated`)
      found.push({
        path: `${module}:${name}`,
        kind,
        reference,
        args: JSON.parse(exported.exportArgs()) as ValidatorJSON,
      })
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1))
}

export type Credentials = Awaited<ReturnType<typeof register>>

/** One of everything that calls or is called about. */
export interface World {
  t: Backend
  owner: Owner
  /** People with whom the machine is shared. */
  operator: Owner
  viewer: Owner
  stranger: Owner
  machineId: Id<'machines'>
  /** Online, with a chat of its owner's in which one answer is being written and one is queued. */
  worker: WorkerFixture
  sessionId: Id<'sessions'>
  /** To an account. */
  invitationId: Id<'invitations'>
  /** About the worker. */
  alertId: Id<'alerts'>
  webhookId: Id<'webhooks'>
  /** To the webhook; given up. */
  deliveryId: Id<'deliveries'>
  /** Of the owner, from another browser. */
  otherSignInId: Id<'authSessions'>
  /** A worker that waits for somebody to let it in. */
  pairing: { pairingId: Id<'pairings'>; code: string; secret: string }
  /** The token of an invitation to be a viewer of the machine. */
  shareToken: string
  writing: Id<'messages'>
  queued: Id<'messages'>
  /** In the answer that is being written. */
  requestId: Id<'requests'>
  credentials: Record<
    'online' | 'pending' | 'revoked' | 'superseded' | 'closed' | 'foreign' | 'wrong',
    Credentials
  >
}

export async function makeWorld(t: Backend): Promise<World> {
  const owner = await makeOwner(t)
  await t.run((ctx) => ctx.db.patch('users', owner.userId, { isAdmin: true }))
  const stranger = await makeOwner(t, 'eve@example.com')
  const worker = await makeWorker(owner)
  const { machineId, workerId } = worker
  const sharedWith = async (email: string, role: SharedRole) => {
    const person = await makeOwner(t, email)
    await t.run((ctx) => ctx.db.insert('shares', { machineId, userId: person.userId, role }))
    return person
  }
  const operator = await sharedWith('bob@example.com', 'operator')
  const viewer = await sharedWith('vic@example.com', 'viewer')
  const { token: shareToken } = await owner.as.action(api.invitations.create, {
    share: { machineId, role: 'viewer' },
  })
  const another = async (name: string, approved = true) => {
    const made = await makeWorker(owner, { name, machineId, approved })
    return { made, credentials: await register(t, made) }
  }
  const superseded = await register(t, worker)
  const online = await register(t, worker)
  await t.mutation(api.workers.ready, { credentials: online, opencodeVersion: '1.18.33' })
  const sessionId = await owner.as.mutation(api.chat.startSession, { workerId })
  for (const text of ['first', 'second']) await owner.as.mutation(api.chat.sendMessage, { sessionId, text })
  const answers = await t.run((ctx) =>
    ctx.db
      .query('messages')
      .withIndex('by_worker_and_status', (q) => q.eq('workerId', workerId).eq('status', 'queued'))
      .take(2),
  )
  const [writing, queued] = answers.map(({ _id }) => _id)
  if (!writing || !queued) throw new Error('two answers are queued')
  await t.mutation(api.answers.claim, { credentials: online, messageId: writing })

  await t.mutation(api.requests.raise, {
    ...{ credentials: online, messageId: writing, key: 'per_1' },
    what: { kind: 'permission', permission: 'bash', patterns: ['ls'] },
  })
  const requestId = (await owner.as.query(api.requests.list, { sessionId }))[0]?.id
  if (!requestId) throw new Error('a request is open')

  await owner.as.action(api.invitations.create, {})
  const invitationId = (await owner.as.query(api.invitations.list, {}))[0]?.id
  if (!invitationId) throw new Error('an invitation is open')

  const expirationTime = Date.now() + 1_000 * MINUTE
  const otherSignInId = await t.run((ctx) =>
    ctx.db.insert('authSessions', { userId: owner.userId, expirationTime }),
  )
  const secret = 'p'.repeat(43)
  const { pairingId, code } = await t.action(api.pairing.start, {
    secretHash: await sha256(secret),
    host: { hostname: 'laptop', user: 'bob', directory: '/src', workerName: 'web' },
  })

  const pending = await another('pending', false)
  const foreign = await another('docs')
  const revoked = await another('old')
  await owner.as.mutation(api.workerAccess.revoke, { workerId: revoked.made.workerId })
  const closed = await another('stopped')
  await t.mutation(api.workers.goOffline, {
    credentials: closed.credentials,
    reason: 'shutdown',
    evidence: {},
  })
  return {
    ...{ t, owner, operator, viewer, stranger, machineId, worker },
    ...(await makeAlert(t, owner, worker)),
    ...{ sessionId, writing, queued, requestId, invitationId, shareToken, otherSignInId },
    pairing: { pairingId, code, secret },
    credentials: {
      ...{ online, superseded },
      pending: pending.credentials,
      foreign: foreign.credentials,
      revoked: revoked.credentials,
      closed: closed.credentials,
      wrong: { ...online, secret: 'x'.repeat(43) },
    },
  }
}

/** An alert about a worker, and a webhook that could not be told of it. */
async function makeAlert(t: Backend, owner: Owner, { machineId, workerId }: WorkerFixture) {
  const args = { url: 'http://127.0.0.1:1/', shape: 'json' as const }
  const { webhookId } = await owner.as.action(api.webhooks.add, args)
  return await t.run(async (ctx) => {
    const now = Date.now()
    const alertId = await ctx.db.insert('alerts', {
      ...{ rule: 'flapping', isOpen: true, ordinal: 1, openedAt: now },
      subject: { workerId, machineId, ownerId: owner.userId, worker: 'api', machine: 'build-03' },
      evidence: { rule: 'flapping', failures: 5, threshold: 5, last: { at: now, reason: 'crashed' } },
    })
    const deliveryId = await ctx.db.insert('deliveries', {
      ...{ webhookId, alertId, news: 'opened', body: '{}', state: 'failed', attempts: 12, settledAt: now },
    })
    return { alertId, webhookId, deliveryId }
  })
}

export function witnessOf({ workerId, epoch }: Credentials, key = WITNESS_KEY) {
  return { workerId, epoch, key }
}

const tables = [
  ...(['users', 'machines', 'workers', 'liveness', 'workerEvents', 'workerModels'] as const),
  ...([
    'sessions',
    'messages',
    'sweepState',
    'fleetEvents',
    'settings',
    'signInLinks',
    'invitations',
    'shares',
    'authSessions',
    'auditEvents',
    'pairings',
    'parts',
    'requests',
    'metricShards',
    'alerts',
    'alertWatch',
    'webhooks',
    'deliveries',
  ] as const),
]

/** Every document of ours: what a refused call must leave as it was. */
export async function everything({ t }: World): Promise<Doc<(typeof tables)[number]>[]> {
  return await t.run(async (ctx) =>
    (await Promise.all(tables.map((table) => ctx.db.query(table).take(500)))).flat(),
  )
}
