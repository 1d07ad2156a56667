import { EventEmitter } from 'node:events'
import { expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { SyncSocket } from '../../src/protocol/sync/SyncSocket'

const MIB = 1 << 20

/** What a `WebSocket` is to the sender: it keeps all that nobody reads. */
class UnreadSocket extends EventEmitter {
  readonly OPEN = 1
  readyState = 1
  bufferedAmount = 0

  send(text: string): void {
    this.bufferedAmount += text.length
  }

  terminate(): void {
    this.readyState = 3
    this.emit('close')
  }
}

test('a reader that leaves too much unread is cut off, and nothing more is kept for it', async () => {
  const unread = new UnreadSocket()
  const socket = new SyncSocket(unread as unknown as WebSocket)
  const message = { type: 'FatalError', error: 'x'.repeat(5 * MIB) } as const
  for (let sent = 0; sent < 40; sent++) void socket.send(message)
  expect(unread.readyState).toBe(3)
  expect(unread.bufferedAmount).toBeLessThan(75 * MIB)
  await socket.send(message)
})
