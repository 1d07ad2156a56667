import { ConvexHttpClient } from 'convex/browser'
import { expect, onTestFinished, test, vi } from 'vitest'
import { api } from './api'
import { RawSocket, transitions } from './RawSocket'
import { connectClient, startTestBackend } from './startTestBackend'

const room = { room: 'a' }

test('a reader that stops reading gets the newest state later, not everything in between', async () => {
  const { url } = await startTestBackend()
  const raw = await RawSocket.connect(url)
  raw.subscribe(0, [{ queryId: 0, udfPath: 'messages:list', args: room }])
  await raw.until('Transition')
  raw.socket.pause()
  const writer = new ConvexHttpClient(url, { logger: false })
  const big = 'x'.repeat(300_000)
  for (let index = 0; index < 30; index += 1) await writer.mutation(api.send, { ...room, text: big })
  raw.socket.resume()
  const last = () => transitions(raw).at(-1)?.modifications[0]?.value as string[] | undefined
  await vi.waitFor(() => expect(last()).toHaveLength(30), 10_000)
  expect(transitions(raw).length).toBeLessThan(15)
})

test('a silent connection is pinged, one that was just written to is not', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const { url } = await startTestBackend()
  const raw = await RawSocket.connect(url)
  raw.subscribe(0, [{ queryId: 0, udfPath: 'messages:constant' }])
  await raw.until('Transition')
  vi.advanceTimersByTime(14_000)
  raw.mutate(0, 'messages:send', { ...room, text: 'x' })
  await raw.until('Transition', 2)
  vi.advanceTimersByTime(14_000)
  raw.mutate(1, 'messages:send', { ...room, text: 'x' })
  await raw.until('MutationResponse', 2)
  expect(raw.of('Ping')).toEqual([])
  vi.advanceTimersByTime(15_001)
  await raw.until('Ping')
})

test('a client that says more than can be answered is read on as its mutations are done', async () => {
  const { url } = await startTestBackend()
  const raw = await RawSocket.connect(url)
  for (let index = 0; index < 3_000; index += 1) raw.mutate(index, 'messages:send', { ...room, text: 'x' })
  const responses = await vi.waitFor(() => {
    if (raw.of('MutationResponse').length < 3_000) throw new Error('not yet')
    return raw.of('MutationResponse')
  }, 15_000)
  expect(responses.map(({ requestId }) => requestId)).toEqual(responses.map((_, index) => index))
})

test('an answer of several megabytes arrives whole', async () => {
  const { url } = await startTestBackend()
  const client = connectClient(url)
  const texts = Array.from({ length: 8 }, (_, index) => String(index).repeat(900_000))
  for (const text of texts) await client.mutation(api.send, { ...room, text })
  expect(await client.query(api.list, room)).toEqual(texts)
})

test('two hundred clients see the same write', async () => {
  const { url } = await startTestBackend()
  const sockets = await Promise.all(
    Array.from({ length: 200 }, (_, index) => RawSocket.connect(url, `s${index}`)),
  )
  for (const raw of sockets) raw.subscribe(0, [{ queryId: 0, udfPath: 'messages:list', args: room }])
  await Promise.all(sockets.map((raw) => raw.until('Transition')))
  await new ConvexHttpClient(url, { logger: false }).mutation(api.send, { ...room, text: 'to all' })
  await Promise.all(
    sockets.map((raw) =>
      vi.waitFor(() => expect(transitions(raw).at(-1)?.modifications[0]?.value).toEqual(['to all']), 5_000),
    ),
  )
})
