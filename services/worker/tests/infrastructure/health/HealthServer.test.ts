import { once } from 'node:events'
import { connect, createServer, Server, type AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { until } from '../../setup'
import { ask, serve } from './setup'

/** A server that holds a port of this machine until it is closed. */
async function holder(port = 0): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { server, port: (server.address() as AddressInfo).port }
}

/** Whether somebody answers there. */
async function isOpen(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port })
  return await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  }).finally(() => socket.destroy())
}

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const portOf = (url: string) => Number(new URL(url).port)

describe('HealthServer', () => {
  it('says once where it listens', async () => {
    const { server, logged } = serve()
    const url = await until('listening', () => server.url)
    expect(logged).toEqual([{ event: 'health.listening', url, msg: `health endpoint at ${url}` }])
    expect((await ask(`${url}/readyz`)).status).toBe(200)
  })

  it('is not to be reached by another address of this machine', async () => {
    const { server } = serve()
    const url = await until('listening', () => server.url)
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
      .map(({ address }) => address)
    for (const host of ['127.0.0.2', ...others]) expect(await isOpen(host, portOf(url))).toBe(false)
  })

  it('warns once of a port that is taken, and takes it when it is free', async () => {
    const taken = await holder()
    const attempts = vi.spyOn(Server.prototype, 'listen')
    const { server, logged } = serve({ port: taken.port, retryMs: 5 })
    await until('several attempts', () => attempts.mock.calls.length > 2)
    expect(logged[0]).toMatchObject({ event: 'health.port-taken', port: taken.port })
    expect(logged[0]?.msg).toContain('ROLLCALL_HEALTH_PORT')
    expect(server.url).toBeUndefined()
    taken.server.close()
    const url = await until('listening', () => server.url)
    expect(portOf(url)).toBe(taken.port)
    expect((await ask(`${url}/readyz`)).status).toBe(200)
    expect(logged.map(({ event }) => event)).toEqual(['health.port-taken', 'health.listening'])
  })

  it('warns of a port that it may not have', async () => {
    const { server, logged } = serve({ port: 1, retryMs: 60_000 })
    await until('an outcome', () => logged.length > 0)
    if (server.url !== undefined) return // As root every port may be had.
    expect(logged[0]?.event).toBe('health.port-refused')
    expect(logged[0]?.msg).toContain('ROLLCALL_HEALTH_PORT')
  })

  it('frees its port when closed, and cuts who still waits', async () => {
    const { server } = serve()
    const url = await until('listening', () => server.url)
    const socket = connect({ host: '127.0.0.1', port: portOf(url) })
    await once(socket, 'connect')
    socket.write('GET /healthz HTTP/1.1\r\n')
    const cut = new Promise((resolve) =>
      socket
        .resume()
        .on('error', () => {})
        .once('close', resolve),
    )
    server.close()
    server.close()
    await cut
    await holder(portOf(url))
    expect(server.url).toBeUndefined()
  })

  it('does not listen after all when closed before it does', async () => {
    const { port, server: free } = await holder()
    free.close()
    await once(free, 'close')
    const { server, logged } = serve({ port })
    server.close()
    // Binding takes less turns of the event loop than a connection.
    expect(await isOpen('127.0.0.1', port)).toBe(false)
    expect(await isOpen('127.0.0.1', port)).toBe(false)
    expect(logged).toEqual([])
  })

  it('does not try again when closed while it waits', async () => {
    const { port } = await holder()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { server, logged } = serve({ port })
    // It is refused before this connection is made.
    await isOpen('127.0.0.1', port)
    expect(logged.map(({ event }) => event)).toEqual(['health.port-taken'])
    expect(vi.getTimerCount()).toBe(1)
    server.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('keeps no process alive', async () => {
    const handles = () => process.getActiveResourcesInfo().filter((name) => /TCPServer/.test(name)).length
    await until('the servers of other tests are gone', () => handles() === 0)
    const { server } = serve()
    await until('listening', () => server.url)
    expect(handles()).toBe(0)
  })
})
