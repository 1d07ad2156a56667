import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, request, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { pino } from 'pino'
import { startEmbeddedBackend } from '../../src'
import { RawSocket } from './RawSocket'
import { fixtureDir, startTestBackend, temporaryDir } from './startTestBackend'

const html = { headers: { Accept: 'text/html,*/*' } }

async function builtPage(): Promise<string> {
  const folder = await temporaryDir()
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<title>page</title>')
  await writeFile(join(folder, 'assets/main-abc.js'), 'run()')
  return folder
}

test('a built page is served with its files, and for every address a person may open', async () => {
  const { url } = await startTestBackend({ page: { folder: await builtPage() } })
  const root = await fetch(`${url}/`, html)
  expect(await root.text()).toBe('<title>page</title>')
  expect(root.headers.get('cache-control')).toBe('no-cache')
  const policy = root.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain(`connect-src 'self' ws://${new URL(url).host} `)
  expect(policy).not.toContain('unsafe')
  expect(root.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  expect(await (await fetch(`${url}/machines/7?tab=1`, html)).text()).toBe('<title>page</title>')
  const script = await fetch(`${url}/assets/main-abc.js`)
  expect(await script.text()).toBe('run()')
  expect(script.headers.get('cache-control')).toContain('immutable')
  expect((await fetch(`${url}/assets/gone.js`)).status).toBe(404)
  expect((await fetch(`${url}/..%2f..%2fetc/passwd`)).status).toBe(404)
})

test('API and HTTP actions are never answered by the page', async () => {
  const { url } = await startTestBackend({ page: { folder: await builtPage() } })
  expect(await (await fetch(`${url}/api/nothing`, html)).text()).not.toContain('page')
  expect(await (await fetch(`${url}/http/nothing`, html)).text()).not.toContain('<title>')
})

test('a page that is built after the start is there at once', async () => {
  const folder = await temporaryDir()
  const { url } = await startTestBackend({ page: { folder } })
  expect((await fetch(`${url}/`, html)).status).toBe(404)
  await writeFile(join(folder, 'index.html'), 'late')
  expect(await (await fetch(`${url}/`, html)).text()).toBe('late')
})

test('requests and WebSockets for the page are passed on to a development server', async () => {
  const server = createServer((asked, response) =>
    response.end(`dev ${asked.url ?? ''} ${asked.headers.host ?? ''}`),
  )
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) =>
    socket.on('message', (data: Buffer) => socket.send(`hmr ${data.toString()}`)),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const { url } = await startTestBackend({ page: { devServer: `http://127.0.0.1:${port}` } })
  expect(await (await fetch(`${url}/src/main.tsx?t=1`)).text()).toBe(
    `dev /src/main.tsx?t=1 127.0.0.1:${port}`,
  )
  const socket = new WebSocket(`${url.replace('http', 'ws')}/?token=x`)
  onTestFinished(() => socket.terminate())
  await once(socket, 'open')
  socket.send('hello')
  const [answer] = (await once(socket, 'message')) as [Buffer]
  expect(answer.toString()).toBe('hmr hello')
  const raw = await RawSocket.connect(url)
  raw.subscribe(0, [{ queryId: 0, udfPath: 'messages:constant' }])
  await raw.until('Transition')
  sockets.close()
})

test('a development server that is not there is named', async () => {
  const { url } = await startTestBackend({ page: { devServer: 'http://127.0.0.1:9' } })
  const response = await fetch(`${url}/`)
  expect(response.status).toBe(502)
  expect(await response.text()).toContain('development server')
})

test('without a page the address says what it is', async () => {
  const { url } = await startTestBackend()
  expect(await (await fetch(`${url}/`)).text()).toContain('Convex backend')
})

test.each([
  ['127.0.0.1', 200],
  ['localhost:3210', 200],
  ['rollcall.localhost', 200],
  ['evil.test', 403],
  ['127.0.0.1.evil.test', 403],
])('a request for the host %s gets %i', async (host, status) => {
  const { port } = await startTestBackend()
  const asked = request({ host: '127.0.0.1', port, path: '/version', headers: { host } }).end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  response.resume()
  expect(response.statusCode).toBe(status)
})

test('a WebSocket for a foreign host is refused', async () => {
  const { port } = await startTestBackend()
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/1/sync`, { headers: { host: 'evil.test' } })
  const [error] = (await once(socket, 'error')) as [Error]
  expect(error.message).toContain('403')
})

test('a WebSocket of a page of another origin is refused, one of its own page accepted', async () => {
  const { url, port } = await startTestBackend()
  const open = (origin: string) => new WebSocket(`ws://127.0.0.1:${port}/api/1/sync`, { origin })
  const [error] = (await once(open('http://evil.test'), 'error')) as [Error]
  expect(error.message).toContain('403')
  const own = open(url)
  await once(own, 'open')
  own.close()
  await once(own, 'close')
})

test.each([
  ['127.0.0.1', false],
  ['localhost', false],
  ['0.0.0.0', true],
])('bound to %s it says that others can reach it: %s', async (host, isExposed) => {
  const lines: string[] = []
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
  const options = { functionsDir: fixtureDir, dataDir: ':memory:', port: 0, host, logger }
  await (await startEmbeddedBackend(options)).close()
  expect(lines.some((line) => line.includes('backend.exposed'))).toBe(isExposed)
})
