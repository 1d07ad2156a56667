import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { findListener, listeningInodes } from '../../src/doctor/findListener'

describe('findListener', () => {
  it('finds the process that listens, and nobody once it does not', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = address === null || typeof address === 'string' ? 0 : address.port
    expect(findListener(port)?.pid).toBe(process.pid)
    await new Promise((resolve) => server.close(resolve))
    expect(findListener(port)).toBeUndefined()
  })

  it('takes a connection from that port for no listener', () => {
    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 0100007F:0C8A 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1',
      '   1: 0100007F:0C8A 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 222 1',
      '   2: 0100007F:C08A 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 333 1',
    ].join('\n')
    expect(listeningInodes(table, 3210)).toEqual(['111'])
  })
})
