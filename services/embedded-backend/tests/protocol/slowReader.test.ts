import { ConvexClient } from 'convex/browser'
import { expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { SyncSocket } from '../../src/protocol/sync/SyncSocket'
import { api } from './api'
import { RawSocket, transitions } from './RawSocket'
import { connectClient, startTestBackend } from './startTestBackend'

const MIB = 1 << 20
const room = { room: 'a' }

/** Answers the most that the server has kept in its memory for one client since this was called, in bytes. */
function watchBuffers(): () => number {
  let most = 0
  const send = Object.getOwnPropertyDescriptor(SyncSocket.prototype, 'sendText')?.value as SendText
  const spy = vi.spyOn(SyncSocket.prototype, 'sendText').mockImplementation(function (
    this: SyncSocket,
    text: string,
  ) {
    const sending = send.call(this, text)
    most = Math.max(most, (this as unknown as { socket: WebSocket }).socket.bufferedAmount)
    return sending
  })
  onTestFinished(() => spy.mockRestore())
  return () => most
}

type SendText = (this: SyncSocket, text: string) => Promise<void>

/** The official client, and the WebSockets that it opened. */
function clientWithSockets(url: string): { client: ConvexClient; sockets: WebSocket[] } {
  const sockets: WebSocket[] = []
  class Kept extends WebSocket {
    constructor(address: string) {
      super(address)
      sockets.push(this)
    }
  }
  const webSocketConstructor = Kept as unknown as typeof globalThis.WebSocket
  const client = new ConvexClient(url, { webSocketConstructor, logger: false })
  onTestFinished(() => client.close())
  return { client, sockets }
}

test('for a subscriber that stops reading one transition waits, and others are served meanwhile', async () => {
  const { url } = await startTestBackend()
  const slow = await RawSocket.connect(url)
  slow.subscribe(0, [{ queryId: 0, udfPath: 'messages:list', args: room }])
  await slow.until('Transition')
  slow.socket.pause()
  const most = watchBuffers()
  const other = connectClient(url)
  let seen = 0
  other.onUpdate(api.list, room, (texts) => void (seen = texts.length))
  // Nine transitions of up to 8 MiB, 40 MiB together.
  const text = 'x'.repeat(900_000)
  for (let count = 1; count <= 9; count++) {
    await other.mutation(api.send, { ...room, text })
    expect(seen).toBe(count)
  }
  expect(most()).toBeLessThan(10 * MIB)
  slow.socket.resume()
  const last = () => transitions(slow).at(-1)?.modifications[0]?.value
  await vi.waitFor(() => expect(last()).toHaveLength(9), 10_000)
  expect(slow.closedWith).toBeNull()
}, 30_000)

test('a client that leaves 64 MiB of answers unread is cut off, and has everything when it is back', async () => {
  const { url } = await startTestBackend()
  const { client, sockets } = clientWithSockets(url)
  const other = connectClient(url)
  let texts: string[] = []
  client.onUpdate(api.list, room, (latest) => void (texts = latest))
  await client.mutation(api.send, { ...room, text: 'before' })
  const most = watchBuffers()
  const [first] = sockets
  first?.pause()
  const text = 'x'.repeat(8 * MIB)
  const answers = Array.from({ length: 14 }, () => client.action(api.echo, { text, delayMs: 0 }))
  const settled = Promise.allSettled(answers)
  await vi.waitFor(() => expect(most()).toBeGreaterThan(64 * MIB), 30_000)
  expect(await other.mutation(api.send, { ...room, text: 'meanwhile' })).toBe('MEANWHILE')
  expect(await other.query(api.list, room)).toEqual(['before', 'meanwhile'])
  expect(most()).toBeLessThan(64 * MIB + 9 * MIB)

  // It hears only now that it was cut off.
  first?.resume()
  await vi.waitFor(() => expect(sockets).toHaveLength(2), 20_000)
  await vi.waitFor(() => expect(texts).toEqual(['before', 'meanwhile']), 20_000)
  expect((await settled).some(({ status }) => status === 'rejected')).toBe(true)
  expect(await client.mutation(api.send, { ...room, text: 'after' })).toBe('AFTER')
  expect(texts).toEqual(['before', 'meanwhile', 'after'])
}, 90_000)
