import { expect, test, vi } from 'vitest'
import { api } from './api'
import { CuttingProxy } from './CuttingProxy'
import { RawSocket, transitions } from './RawSocket'
import { connectClient, startTestBackend } from './startTestBackend'

const MIB = 1 << 20

/** Subscribes, sends three mutations at once, and sees them through a proxy that cuts after so many messages. */
async function sendThrough(url: string, cutAfter: number): Promise<{ texts: string[]; proxy: CuttingProxy }> {
  const proxy = await CuttingProxy.to(url, cutAfter)
  const client = connectClient(proxy.url)
  const room = { room: `cut after ${cutAfter}` }
  let texts: string[] = []
  client.onUpdate(api.list, room, (latest) => void (texts = latest))
  const answers = ['a', 'b', 'c'].map((text) => client.mutation(api.send, { ...room, text }))
  expect(await Promise.all(answers)).toEqual(['A', 'B', 'C'])
  await vi.waitFor(() => expect(texts).toHaveLength(3))
  return { texts, proxy }
}

test('whichever message a connection breaks after, each mutation is applied once, in order, and seen', async () => {
  const { url } = await startTestBackend()
  const whole = await sendThrough(url, Infinity)
  expect(whole.proxy.sockets).toBe(1)
  const boundaries = Array.from({ length: whole.proxy.passed }, (_, i) => i)
  const cut = await Promise.all(boundaries.map((after) => sendThrough(url, after)))
  for (const { texts } of cut) expect(texts).toEqual(['a', 'b', 'c'])
  // The last ones may already have all that they wait for.
  expect(cut.slice(0, 5).map(({ proxy }) => proxy.sockets > 1)).toEqual([true, true, true, true, true])
})

test('of a thousand queries on one socket a write re-sends the one that it concerns', async () => {
  const { url } = await startTestBackend()
  const raw = await RawSocket.connect(url)
  const queries = Array.from({ length: 1_000 }, (_, queryId) => ({
    ...{ queryId, udfPath: 'messages:list' },
    args: { room: `room ${queryId}` },
  }))
  raw.subscribe(0, queries)
  await raw.until('Transition')
  expect(transitions(raw)[0]?.modifications).toHaveLength(1_000)
  raw.mutate(0, 'messages:send', { room: 'room 700', text: 'x' })
  await raw.until('Transition', 2)
  expect(transitions(raw)[1]?.modifications).toMatchObject([{ queryId: 700, value: ['x'] }])
})

test('a message of 5 MB is taken and answered', async () => {
  const { url } = await startTestBackend()
  const text = 'ä'.repeat((5 * MIB) / 2)
  expect(await connectClient(url).action(api.echo, { text, delayMs: 0 })).toBe(text)
})
