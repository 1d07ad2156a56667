import { createHash, randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { api } from '@rollcall/backend/api'
import { ConvexHttpClient } from 'convex/browser'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { defaultTimes } from '../../src/supervisor/times'
import { Witness } from '../../src/supervisor/Witness'
import type { WitnessedIncarnation } from '../../src/supervisorMessages'
import { deadUrl, TestBackend, until, type TestWorker } from '../setup'

const killed = { exitCode: null, signal: 'SIGKILL' }
const untold = new AbortController().signal
const times = { ...defaultTimes, callMs: 400, retries: { firstMs: 20, maxMs: 50 } }
const servers: Server[] = []
let backend: TestBackend

beforeAll(async () => {
  backend = await TestBackend.start()
})
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})
afterAll(() => backend.close())

interface Watched {
  witness: Witness
  made: TestWorker
  events: (string | undefined)[]
}

/** A worker that has registered, and its witness. */
async function watch(name: string, overrides: Partial<WitnessedIncarnation> = {}): Promise<Watched> {
  const made = await backend.makeWorker(name)
  const { workerId, secret } = made
  const key = randomUUID()
  const registered = await new ConvexHttpClient(backend.url).mutation(api.workers.register, {
    workerId,
    secret,
    hostname: 'h',
    pid: 1,
    directory: '/',
    versions: { worker: '0', node: '20' },
    key: randomUUID(),
    witnessKeyHash: createHash('sha256').update(key).digest('hex'),
  })
  if (registered.kind === 'refused') throw new Error(registered.message)
  const { epoch } = registered
  const events: (string | undefined)[] = []
  const note = (fields: { event?: string }) => events.push(fields.event)
  const incarnation = { backendUrl: backend.url, workerId, epoch, key, staleThresholdMs: 2_000, ...overrides }
  const witness = new Witness(incarnation, { times, logger: { info: note, warn: note, error: note } })
  return { witness, made, events }
}

/** What was sent with an attempt to report an end. */
interface Attempt {
  noticedAfterMs: number
}

interface Stranger {
  url: string
  requests: () => number
  /** Filled as their bodies arrive. */
  attempts: Attempt[]
}

/** A server that does not answer as a backend. */
async function stranger(status: number | 'silent'): Promise<Stranger> {
  let requests = 0
  const attempts: Attempt[] = []
  const server = createServer((request, response) => {
    requests += 1
    void text(request).then((body) => {
      attempts.push(...(JSON.parse(body) as { args: [Attempt] }).args)
      if (status !== 'silent') response.writeHead(status).end('<h1>No</h1>')
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, requests: () => requests, attempts }
}

describe('Witness', () => {
  it('takes its worker offline, with what was seen of its end', async () => {
    const { witness, made, events } = await watch('is killed')
    expect(await witness.reportExit({ ...killed, message: 'It hung.' }, untold)).toBe('settled')
    expect(backend.worker(made).offline).toMatchObject({
      reason: 'crashed',
      evidence: {
        signal: 'SIGKILL',
        message: 'It hung.',
        noticedAfterMs: expect.any(Number) as number,
      },
    })
    expect(backend.rows('workerEvents').at(-1)?.noticedBy).toBe('supervisor')
    expect(events).toEqual(['witness.reported'])
  })

  it('has nothing to add to a goodbye, nor to a newer incarnation', async () => {
    const { witness, made, events } = await watch('said goodbye')
    const { workerId, secret } = made
    await new ConvexHttpClient(backend.url).mutation(api.workers.goOffline, {
      credentials: { workerId, secret, epoch: 1 },
      reason: 'crashed',
      evidence: { cause: 'uncaughtException' },
    })
    expect(await witness.reportExit({ exitCode: 1, signal: null }, untold)).toBe('settled')
    expect(backend.worker(made).offline?.evidence).toEqual({ cause: 'uncaughtException' })

    const { made: again } = await watch('said goodbye')
    expect(await witness.reportExit(killed, untold)).toBe('settled')
    expect(backend.worker(again)).toMatchObject({ status: 'online', epoch: 2 })
    expect(events).toEqual(['witness.refused', 'witness.refused'])
  })

  it('cannot speak for an incarnation whose key it does not have', async () => {
    const { witness, made } = await watch('is impersonated', { key: 'another' })
    await witness.reportExit(killed, untold)
    expect(backend.worker(made).status).toBe('online')
  })

  it.each(['dead', 503, 404, 200, 'silent'] as const)(
    'tries a backend that is %s until the worker is stale anyway',
    async (kind) => {
      const { url, requests } =
        kind === 'dead' ? { url: await deadUrl(), requests: () => 2 } : await stranger(kind)
      const { witness, events } = await watch('is cut off', { backendUrl: url, staleThresholdMs: 600 })
      const from = performance.now()
      expect(await witness.reportExit(killed, untold)).toBe('unreported')
      expect(performance.now() - from).toBeLessThan(600 + times.callMs + 500)
      expect(requests()).toBeGreaterThanOrEqual(kind === 'silent' ? 1 : 2)
      expect(events).toEqual(['witness.unreported'])
    },
  )

  it('says with each attempt how long ago it saw the end, in whole milliseconds', async () => {
    const { url, attempts } = await stranger(503)
    const { witness } = await watch('is reported late', { backendUrl: url, staleThresholdMs: 600 })
    const from = performance.now()
    await witness.reportExit(killed, untold)
    const passedMs = performance.now() - from
    const said = attempts.map(({ noticedAfterMs }) => noticedAfterMs)
    expect(said[0]).toBeLessThan(times.retries.firstMs / 2)
    expect(said.every(Number.isInteger)).toBe(true)
    // The pauses alone are at least half of `retries`.
    said.slice(1).forEach((ms, index) => expect(ms - (said[index] ?? 0)).toBeGreaterThanOrEqual(9))
    expect(said.at(-1)).toBeGreaterThan(300)
    expect(said.at(-1)).toBeLessThanOrEqual(Math.ceil(passedMs))
  })

  it('gives up at once when told to', async () => {
    const { witness } = await watch('is left', { backendUrl: await deadUrl(), staleThresholdMs: 60_000 })
    const giveUp = new AbortController()
    const report = witness.reportExit(killed, giveUp.signal)
    giveUp.abort()
    expect(await report).toBe('unreported')
  })

  it('tells of a hang until it was heard, and of its end', async () => {
    const { witness, made } = await watch('hangs')
    witness.tellHang(false)
    await until('hung', () => {
      witness.tellHang(true)
      return backend.worker(made).phase === 'hung'
    })
    await until('back', () => {
      witness.tellHang(false)
      return backend.worker(made).phase === 'starting'
    })
  })
})
