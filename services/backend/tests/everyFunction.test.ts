import { beforeEach, describe, expect, it } from 'vitest'
import { errorOf, type ErrorCode, type ErrorPayload } from '../contract'
import {
  everything,
  makeWorld,
  publicFunctions,
  witnessOf,
  type PublicFunction,
  type World,
} from './everyFunction'
import { useBackend } from './setup'
import { rows } from './whoMayCall'
import type { Answer, ByWorker, WorkerCaller } from './whoMayCallRow'

/**
 * A person's function is called as nobody, as somebody else, as those the machine is shared with and as its owner; a worker's
 * with the credentials of every kind of worker. Who may not (`whoMayCall.ts`) is refused by a code and changes nothing.
 */

const backend = useBackend()

/** What every call is told that comes with the credentials of such a worker, whatever it asks for. */
const refusedBy: Partial<Record<WorkerCaller, ErrorCode>> = {
  revoked: 'WORKER_REVOKED',
  superseded: 'SUPERSEDED',
  closed: 'INCARNATION_CLOSED',
  wrong: 'WRONG_SECRET',
}

type Client = Pick<World['t'], 'query' | 'mutation' | 'action'>

const callAs = (as: Client, fn: PublicFunction, args: object) =>
  (as[fn.kind] as (reference: unknown, args: object) => Promise<unknown>)(fn.reference, args)

/** Calls it; a refusal must leave everything as it was. */
async function answerTo(world: World, as: Client, fn: PublicFunction, args: object): Promise<Answer> {
  const before = await everything(world)
  try {
    const refused = refusedIn(await callAs(as, fn, args))
    if (refused) expect(await everything(world), fn.path).toEqual(before)
    return refused ?? 'ok'
  } catch (error) {
    expect(await everything(world), `${fn.path} was refused and changed something`).toEqual(before)
    const code = errorOf(error)?.code
    if (code === undefined) throw error
    return code
  }
}

const isOf = (document: object, userId: string) =>
  ('_id' in document && document._id === userId) || ('userId' in document && document.userId === userId)

/** Some refusals are answered, so that they can be counted. */
function refusedIn(answer: unknown): ErrorCode | undefined {
  const isRefusal =
    typeof answer === 'object' && answer !== null && 'kind' in answer && answer.kind === 'refused'
  return isRefusal ? (answer as unknown as ErrorPayload).code : undefined
}

it('has a row for every public function', async () => {
  expect(Object.keys(rows).sort()).toEqual((await publicFunctions()).map(({ path }) => path))
})

describe.each(await publicFunctions())('$path', (fn) => {
  const row = rows[fn.path]
  if (!row) return

  /** A world in which nothing was changed yet, by the test that runs. */
  let untouched: World | undefined
  beforeEach(() => {
    untouched = undefined
  })

  const asks = async (caller: string, expected: Answer, call: (world: World) => [Client, object]) => {
    const world = untouched ?? (await makeWorld(backend.t))
    const [client, args] = call(world)
    const answer = await answerTo(world, client, fn, args)
    expect(answer, caller).toBe(expected)
    // What was refused was seen to change nothing.
    untouched = answer === 'ok' && fn.kind !== 'query' ? undefined : world
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
    case 'joining':
      it('tells a worker without a token about itself, and nobody else', async () => {
        const world = await makeWorld(backend.t)
        const { pairingId, secret } = world.pairing
        if (fn.path === 'pairing:start') {
          const before = await everything(world)
          const host = { hostname: 'h', user: 'u', directory: '/', workerName: 'w' }
          expect(await answerTo(world, world.t, fn, { secretHash: 'no hash', host })).toBe('ARGUMENT_INVALID')
          expect(await answerTo(world, world.t, fn, { secretHash: 'a'.repeat(64), host })).toBe('ok')
          const added = (await everything(world)).filter(
            ({ _id }) => !before.some((known) => known._id === _id),
          )
          expect(added).toMatchObject([{ state: { kind: 'waiting' } }])
        } else {
          expect(await answerTo(world, world.t, fn, { pairingId, secret })).toBe('ok')
          expect(await answerTo(world, world.t, fn, { pairingId, secret: 'guess' })).toBe('NOT_FOUND')
          expect(await answerTo(world, world.owner.as, fn, { pairingId, secret: 'guess' })).toBe('NOT_FOUND')
        }
      })
      break
    case 'people':
      it('answers nobody, strangers, those it is shared with and the owner as the table says', async () => {
        await asks('nobody', 'UNAUTHENTICATED', (world) => [world.t, row.args(world)])
        for (const caller of ['stranger', 'viewer', 'operator', 'owner'] as const) {
          await asks(caller, row[caller] ?? 'ok', (world) => [world[caller].as, row.args(world)])
        }
      })
      if (row.stranger !== 'ok' || row.isOpenedByArgument) break
      it('tells a stranger nothing of what belongs to others', async () => {
        const world = await makeWorld(backend.t)
        const others = (await everything(world)).filter((document) => !isOf(document, world.stranger.userId))
        const told = JSON.stringify(await callAs(world.stranger.as, fn, row.args(world)))
        expect(others.filter(({ _id }) => told.includes(_id))).toEqual([])
        expect(told).not.toContain('ada@example.com')
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
