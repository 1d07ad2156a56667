import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { api } from '@rollcall/backend/api'
import { afterEach, describe, expect, it } from 'vitest'
import { callFunction } from '../../../src/infrastructure/convex/callFunction'
import { deadUrl, TestBackend } from '../../setup'

let server: Server | undefined

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

const described = { hostname: 'h', pid: 1, directory: '/', versions: { worker: '0', node: '20' }, key: 'k' }
const nobody = { workerId: 'nobody', secret: 'x', ...described }

function call(url: string, args = nobody, signal = AbortSignal.timeout(5_000)) {
  return callFunction({ url }, 'mutation', api.workers.register, args, signal)
}

async function stranger(answer: RequestListener): Promise<string> {
  const created = createServer(answer)
  server = created
  await new Promise<void>((resolve) => created.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(created.address() as AddressInfo).port}`
}

function answering(status: number, body: string, type = 'text/html'): Promise<string> {
  return stranger((_request, response) => response.writeHead(status, { 'content-type': type }).end(body))
}

describe('callFunction', () => {
  it('answers what our function answers, and its refusals', async () => {
    const backend = await TestBackend.start()
    const { workerId, secret } = await backend.makeWorker()
    const args = { workerId, secret, ...described }
    expect(await call(backend.url, args)).toMatchObject({
      kind: 'ok',
      value: { epoch: 1, approval: 'approved' },
    })
    expect(await call(backend.url)).toMatchObject({ kind: 'refused', refusal: { code: 'WORKER_UNKNOWN' } })
    await backend.close()
  })

  it.each([
    ['a web site', 200, '<h1>Welcome</h1>', 'text/html'],
    ['a page not found', 404, '<h1>Not found</h1>', 'text/html'],
    ['another JSON API', 200, '{"hello":"world"}', 'application/json'],
    ['another JSON API that refuses', 404, '{"error":"no such route"}', 'application/json'],
    ['another JSON API that knows success', 200, '{"status":"success"}', 'application/json'],
  ])('knows %s from a backend', async (_what, status, body, type) => {
    expect(await call(await answering(status, body, type))).toMatchObject({ kind: 'notRollcall' })
  })

  it('knows a Convex deployment that has other functions', async () => {
    const body = JSON.stringify({
      status: 'error',
      errorMessage:
        "Could not find public function for 'workers:register'. Did you forget to run `npx convex dev`?",
    })
    const reply = await call(await answering(560, body, 'application/json'))
    expect(reply).toMatchObject({ kind: 'notRollcall' })
  })

  it.each([
    ['Convex itself', 400, { code: 'BadJsonBody', message: 'It is not JSON.' }, 'It is not JSON.'],
    ['a function', 560, { status: 'error', errorMessage: 'Server Error\n  at x' }, 'Server Error'],
    ['a value that is none', 200, { status: 'success', value: { $integer: 1 } }, expect.any(String)],
  ])('takes a failure of %s for no refusal', async (_what, status, body, reason: unknown) => {
    const reply = await call(await answering(status, JSON.stringify(body), 'application/json'))
    expect(reply).toEqual({ kind: 'failed', reason })
  })

  it('takes a code that is none of our functions for a failure: a full disk is emptied again', async () => {
    const errorData = { code: 'DATA_FOLDER_FULL', message: 'The backend stored nothing.' }
    const body = JSON.stringify({ status: 'error', errorMessage: 'The backend stored nothing.', errorData })
    expect(await call(await answering(560, body, 'application/json'))).toEqual({
      kind: 'failed',
      reason: 'The backend stored nothing.',
    })
  })

  it.each([500, 502, 503, 429])('takes %d for a backend that is away', async (status) => {
    expect(await call(await answering(status, 'later'))).toMatchObject({ kind: 'unreachable' })
  })

  it('says why nobody answers', async () => {
    expect(await call(await deadUrl())).toEqual({ kind: 'unreachable', reason: 'ECONNREFUSED' })
    const silentServer = await stranger(() => {})
    expect(await call(silentServer, nobody, AbortSignal.timeout(50))).toEqual({
      kind: 'unreachable',
      reason: 'no answer in time',
    })
  })

  it('is sent once, whatever comes of it', async () => {
    let requests = 0
    const url = await stranger((request) => {
      requests += 1
      request.socket.destroy()
    })
    expect(await call(url)).toMatchObject({ kind: 'unreachable' })
    expect(requests).toBe(1)
  })
})
