import { ConvexReactClient } from 'convex/react'
import { expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { api } from './api'
import { startTestBackend } from './startTestBackend'

const room = { room: 'a' }

test('ConvexReactClient watches a query, with an optimistic update on the way', async () => {
  const { url } = await startTestBackend()
  const webSocketConstructor = WebSocket as unknown as typeof globalThis.WebSocket
  const client = new ConvexReactClient(url, { webSocketConstructor, logger: false })
  onTestFinished(() => client.close())
  const watch = client.watchQuery(api.list, room)
  const seen: (string[] | undefined)[] = []
  watch.onUpdate(() => void seen.push(watch.localQueryResult()))
  await vi.waitFor(() => expect(seen).toEqual([[]]))
  await client.mutation(
    api.send,
    { ...room, text: 'x' },
    { optimisticUpdate: (store) => store.setQuery(api.list, room, ['x, I hope']) },
  )
  expect(seen).toEqual([[], ['x, I hope'], ['x']])
})
