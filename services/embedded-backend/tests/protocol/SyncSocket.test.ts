import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { SyncSocket, type SocketLimits } from '../../src/protocol/sync/SyncSocket'

const MIB = 1 << 20
const PATIENT: SocketLimits = { maxBufferedBytes: Infinity, askEveryMs: 60_000, maxUnanswered: 1 }
const HASTY: SocketLimits = { ...PATIENT, askEveryMs: 20, maxUnanswered: 3 }

/** Both ends of a TCP connection. */
async function connection(limits?: SocketLimits) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => server.close())
  await once(server, 'listening')
  const accepting = once(server, 'connection') as Promise<[WebSocket]>
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  onTestFinished(() => client.terminate())
  await once(client, 'open')
  const [accepted] = await accepting
  return { client, accepted, socket: new SyncSocket(accepted, limits) }
}

const big = { type: 'FatalError', error: 'x'.repeat(2 * MIB) } as const

test('a reader that leaves too much unread is cut off, and nothing more is kept for it', async () => {
  const { client, accepted, socket } = await connection({ ...PATIENT, maxBufferedBytes: 8 * MIB })
  client.pause()
  const kept: number[] = []
  const sent: Promise<void>[] = []
  // What the kernel takes is not counted, and is far less than this.
  for (let count = 0; count < 50 && accepted.readyState === accepted.OPEN; count++) {
    sent.push(socket.send(big))
    kept.push(accepted.bufferedAmount)
  }
  expect(accepted.readyState).not.toBe(accepted.OPEN)
  expect(Math.max(...kept)).toBeLessThan(11 * MIB)
  // Also those that will never leave.
  await Promise.all([...sent, socket.send(big)])
  expect(accepted.bufferedAmount).toBeLessThan(11 * MIB)
})

test('a reader that is stuck in the midst of a message is cut off when it answers nothing any more', async () => {
  const { client, accepted, socket } = await connection(HASTY)
  client.pause()
  const closed = once(accepted, 'close')
  const sending = socket.send({ type: 'FatalError', error: 'x'.repeat(32 * MIB) })
  await closed
  await sending
})

test('a silent client that answers pings is kept', async () => {
  const { client, accepted } = await connection(HASTY)
  let asked = 0
  client.on('ping', () => void (asked += 1))
  await vi.waitFor(() => expect(asked).toBeGreaterThan(3 * HASTY.maxUnanswered), 5_000)
  expect(accepted.readyState).toBe(accepted.OPEN)
})

test('nobody is given up before 120 s without a word, nor while we do not listen', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const { client, accepted, socket } = await connection()
  socket.pause()
  vi.advanceTimersByTime(300_000)
  expect(accepted.readyState).toBe(accepted.OPEN)
  client.pause()
  socket.resume()
  vi.advanceTimersByTime(120_000)
  expect(accepted.readyState).toBe(accepted.OPEN)
  client.resume()
  client.send('{}')
  await once(accepted, 'message')
  client.pause()
  vi.advanceTimersByTime(120_000)
  expect(accepted.readyState).toBe(accepted.OPEN)
  vi.advanceTimersByTime(15_000)
  expect(accepted.readyState).not.toBe(accepted.OPEN)
})
