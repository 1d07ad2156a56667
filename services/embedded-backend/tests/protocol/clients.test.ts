import { ConvexError } from 'convex/values'
import { expect, test, vi } from 'vitest'
import { api } from './api'
import { connectClient, startTestBackend } from './startTestBackend'

test('a subscription shows what another client writes', async () => {
  const { url } = await startTestBackend()
  const seen: string[][] = []
  connectClient(url).onUpdate(api.list, { room: 'a' }, (messages) => void seen.push(messages))
  await vi.waitFor(() => expect(seen).toEqual([[]]))
  await connectClient(url).mutation(api.send, { room: 'a', text: 'hello' })
  await vi.waitFor(() => expect(seen).toEqual([[], ['hello']]))
})

test('a client reads its own write when its mutation resolves', async () => {
  const { url } = await startTestBackend()
  const client = connectClient(url)
  let latest: string[] = []
  client.onUpdate(api.list, { room: 'a' }, (messages) => void (latest = messages))
  for (const text of ['one', 'two', 'three']) {
    expect(await client.mutation(api.send, { room: 'a', text })).toBe(text.toUpperCase())
    expect(latest.at(-1)).toBe(text)
  }
})

test('mutations of one client are applied in the order they were called', async () => {
  const { url } = await startTestBackend()
  const client = connectClient(url)
  const texts = Array.from({ length: 200 }, (_, index) => `m${index}`)
  await Promise.all(texts.map((text) => client.mutation(api.send, { room: 'a', text })))
  expect(await client.query(api.list, { room: 'a' })).toEqual(texts)
})

test('two queries never show a transaction by halves', async () => {
  const { url } = await startTestBackend()
  const reader = connectClient(url)
  const lengths = { a: 0, b: 0 }
  const differing: unknown[] = []
  reader.onUpdate(api.list, { room: 'a' }, (messages) => void (lengths.a = messages.length))
  reader.onUpdate(api.list, { room: 'b' }, (messages) => void (lengths.b = messages.length))
  reader.client.addOnTransitionHandler(() => {
    const now = { a: localLength(reader, 'a'), b: localLength(reader, 'b') }
    if (now.a !== now.b) differing.push(now)
  })
  await vi.waitFor(() => expect(localLength(reader, 'b')).toBe(0))
  const writer = connectClient(url)
  const writes = Array.from({ length: 50 }, (_, index) =>
    writer.mutation(api.sendToBoth, { rooms: ['a', 'b'], text: String(index) }),
  )
  await Promise.all(writes)
  await vi.waitFor(() => expect(lengths).toEqual({ a: 50, b: 50 }))
  expect(differing).toEqual([])
})

test('a write that changes no answer still lets the mutation of a subscribed client resolve', async () => {
  const { url } = await startTestBackend()
  const client = connectClient(url)
  const seen: string[] = []
  client.onUpdate(api.constant, {}, (answer) => void seen.push(answer))
  await vi.waitFor(() => expect(seen).toHaveLength(1))
  await client.mutation(api.send, { room: 'a', text: 'x' })
  expect(seen).toEqual(['always the same'])
})

test('a ConvexError reaches the caller with its data, an ordinary error with its message', async () => {
  const { url } = await startTestBackend()
  const client = connectClient(url)
  const spam = await client.mutation(api.send, { room: 'a', text: 'spam' }).catch((error: unknown) => error)
  expect(spam).toBeInstanceOf(ConvexError)
  expect(spam).toMatchObject({ data: { code: 'SPAM', text: 'spam' } })
  await expect(client.mutation(api.send, { room: 'a', text: 'bug' })).rejects.toThrow('an ordinary error')
  const failed: Error[] = []
  client.onUpdate(
    api.failing,
    {},
    () => undefined,
    (error) => void failed.push(error),
  )
  await vi.waitFor(() => expect(failed).toHaveLength(1))
  expect(failed[0]).toMatchObject({ data: { code: 'NOPE' } })
})

test('internal functions do not exist for clients', async () => {
  const { url } = await startTestBackend()
  await expect(connectClient(url).mutation(api.purge, {})).rejects.toThrow('Could not find public function')
})

test('actions run side by side', async () => {
  const { url } = await startTestBackend()
  const client = connectClient(url)
  const order: string[] = []
  const note = (text: string) => void order.push(text)
  await Promise.all([
    client.action(api.echo, { text: 'slow', delayMs: 200 }).then(note),
    client.action(api.echo, { text: 'quick', delayMs: 0 }).then(note),
  ])
  expect(order).toEqual(['quick', 'slow'])
})

test('an unsubscribed query is not heard of again', async () => {
  const { url } = await startTestBackend()
  const client = connectClient(url)
  const seen: string[][] = []
  const subscription = client.onUpdate(api.list, { room: 'a' }, (messages) => void seen.push(messages))
  await vi.waitFor(() => expect(seen).toHaveLength(1))
  subscription.unsubscribe()
  await client.mutation(api.send, { room: 'a', text: 'x' })
  expect(seen).toHaveLength(1)
  expect(await client.query(api.list, { room: 'a' })).toEqual(['x'])
})

function localLength(client: ReturnType<typeof connectClient>, room: string): number | undefined {
  const local = client.client.localQueryResult('messages:list', { room }) as string[] | undefined
  return local?.length
}
