import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { expect, onTestFinished, test, vi } from 'vitest'
import { openEngine } from '../../src/engine/openEngine'
import type { Engine } from '../../src/engine/types'
import { BackendServer } from '../../src/protocol/BackendServer'
import { Listener } from '../../src/protocol/Listener'
import { RawSocket, transitions } from './RawSocket'
import { fixtureDir } from './startTestBackend'

const room = { room: 'a' }
const ROUNDS = 40

/** The real engine, except that queries begin and mutations are reported at awkward moments. */
async function startSluggish(delays: { queryMs: number; reportMs: number }): Promise<string> {
  const logger = pino({ level: 'silent' })
  const listener = await Listener.open('127.0.0.1', 0)
  const { url } = listener
  const siteUrl = `${url}/http`
  const urls = () => ({ cloudUrl: url, siteUrl })
  const engine = await openEngine({ functionsDir: fixtureDir, dataDir: ':memory:', urls, logger })
  const sluggish: Engine = Object.create(engine, {
    query: {
      value: async (call: Parameters<Engine['query']>[0]) => {
        await sleep(Math.random() * delays.queryMs)
        const run = await engine.query(call)
        await sleep(Math.random() * delays.queryMs)
        return run
      },
    },
    mutation: {
      value: async (call: Parameters<Engine['mutation']>[0]) => {
        const run = await engine.mutation(call)
        await sleep(delays.reportMs)
        return run
      },
    },
  }) as Engine
  const server = new BackendServer({ engine: sluggish, adminKey: 'k', url, siteUrl, page: undefined, logger })
  listener.serve(server)
  onTestFinished(async () => {
    await server.close()
    await listener.close()
    await engine.close()
  })
  return url
}

test('what a mutation did is not shown before its response, however late that is', async () => {
  const url = await startSluggish({ queryMs: 8, reportMs: 30 })
  const raw = await RawSocket.connect(url)
  raw.subscribe(0, [{ queryId: 0, udfPath: 'messages:list', args: room }])
  for (let index = 0; index < ROUNDS; index += 1)
    raw.mutate(index, 'messages:send', { ...room, text: `m${index}` })
  await vi.waitFor(() => expect(raw.of('MutationResponse')).toHaveLength(ROUNDS), 10_000)
  await vi.waitFor(() => expect(lastShown(raw)).toHaveLength(ROUNDS), 5_000)
  let answered = 0
  for (const message of raw.received) {
    if (message.type === 'MutationResponse') answered += 1
    const [shown] = (message.modifications ?? []) as { value: unknown[] }[]
    expect(shown?.value.length ?? 0).toBeLessThanOrEqual(answered)
  }
})

test('queries that run at different moments are shown at one', async () => {
  const url = await startSluggish({ queryMs: 20, reportMs: 3 })
  const raw = await RawSocket.connect(url)
  raw.subscribe(0, [
    { queryId: 0, udfPath: 'messages:list', args: { room: 'a' } },
    { queryId: 1, udfPath: 'messages:list', args: { room: 'b' } },
  ])
  await raw.until('Transition')
  const writer = await RawSocket.connect(url, 'writer')
  for (let index = 0; index < ROUNDS; index += 1) {
    writer.mutate(index, 'messages:sendToBoth', { rooms: ['a', 'b'], text: `m${index}` })
  }
  await vi.waitFor(() => expect(lastShown(raw)).toHaveLength(ROUNDS), 15_000)
  const shown = [0, 0]
  for (const { modifications } of transitions(raw)) {
    for (const { queryId, value } of modifications) shown[queryId] = (value as string[]).length
    expect(shown[0]).toBe(shown[1])
  }
})

function lastShown(raw: RawSocket): unknown {
  return transitions(raw)
    .flatMap(({ modifications }) => modifications)
    .at(-1)?.value
}
