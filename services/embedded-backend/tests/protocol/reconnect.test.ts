import { expect, test, vi } from 'vitest'
import { api } from './api'
import { LossyProxy } from './LossyProxy'
import { connectClient, startTestBackend, temporaryDir } from './startTestBackend'

const room = { room: 'a' }

test('a mutation whose answer was lost is resent by the client and applied once', async () => {
  const { port, engine } = await startTestBackend()
  const stored = () => engine.readTable('messages', { order: 'asc', cursor: null, numItems: 10 }).page
  const proxy = await LossyProxy.to(port)
  const client = connectClient(proxy.url)
  expect(await client.query(api.list, room)).toEqual([])

  proxy.loseAnswers()
  const sending = client.mutation(api.send, { ...room, text: 'once' })
  await vi.waitFor(() => expect(stored()).toHaveLength(1))
  proxy.cut()
  expect(await sending).toBe('ONCE')
  expect(stored()).toHaveLength(1)
  expect(await client.query(api.list, room)).toEqual(['once'])
})

test('subscriptions and mutations go on after a restart on the same data and port', async () => {
  const dataDir = await temporaryDir()
  const first = await startTestBackend({ dataDir })
  const client = connectClient(first.url)
  let latest: string[] = []
  client.onUpdate(api.list, room, (messages) => void (latest = messages))
  await client.mutation(api.send, { ...room, text: 'before' })
  await first.close()
  const sending = client.mutation(api.send, { ...room, text: 'while down' })
  const second = await startTestBackend({ dataDir, port: first.port })
  expect(await sending).toBe('WHILE DOWN')
  expect(latest).toEqual(['before', 'while down'])
  expect(second.adminKey).toBe(first.adminKey)
})

test('what was answered before a restart is not done again after it', async () => {
  const dataDir = await temporaryDir()
  const first = await startTestBackend({ dataDir })
  const proxy = await LossyProxy.to(first.port)
  const client = connectClient(proxy.url)
  await client.query(api.list, room)
  proxy.loseAnswers()
  const sending = client.mutation(api.send, { ...room, text: 'once' })
  await vi.waitFor(() => expect(first.engine.tables()).toContain('messages'))
  await vi.waitFor(() => {
    expect(first.engine.readTable('messages', { order: 'asc', cursor: null, numItems: 9 }).page).toHaveLength(
      1,
    )
  })
  await first.close()
  const second = await startTestBackend({ dataDir, port: first.port })
  proxy.cut()
  expect(await sending).toBe('ONCE')
  expect(second.engine.readTable('messages', { order: 'asc', cursor: null, numItems: 9 }).page).toHaveLength(
    1,
  )
})

test('a paginated client keeps its pages whole over a lost connection', async () => {
  const { port } = await startTestBackend()
  const proxy = await LossyProxy.to(port)
  const client = connectClient(proxy.url)
  for (const text of ['1', '2', '3', '4']) await client.mutation(api.send, { ...room, text })
  let texts: string[] = []
  const paginationOpts = { numItems: 2, cursor: null }
  client.onUpdate(
    api.page,
    { ...room, paginationOpts },
    ({ page }) => void (texts = page.map(({ text }) => text)),
  )
  await vi.waitFor(() => expect(texts).toEqual(['4', '3']))
  proxy.cut()
  await client.mutation(api.send, { ...room, text: '5' })
  await vi.waitFor(() => expect(texts).toEqual(['5', '4', '3']))
})
