import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { ask, askJson, healthOf, listening } from './setup'

describe('GET /healthz', () => {
  it('says everything of a ready worker', async () => {
    const { status, json } = await askJson(`${await listening()}/healthz`)
    expect(status).toBe(200)
    expect(json).toEqual({
      workerId: 'w1',
      epoch: 3,
      state: 'ready',
      fenced: false,
      lease: 12_500,
      shutdown: null,
      history: [{ from: 'connecting', to: 'ready', at: '2026-01-02T03:04:05.006Z' }],
      opencode: { version: '1.2.3', processes: 3, residentBytes: 300_000_000 },
      memory: { residentBytes: expect.any(Number) as number },
      versions: { worker: '0.1.0', node: '20.19.0' },
    })
  })

  it('has null for what is not known', async () => {
    const unknown = { epoch: undefined, beatAgeMs: undefined, opencode: undefined }
    const url = await listening(() => healthOf({ state: { name: 'starting' }, ...unknown }))
    const { status, json } = await askJson(`${url}/healthz`)
    expect(status).toBe(200)
    expect(json).toMatchObject({ state: 'starting', epoch: null, lease: null, opencode: null })
  })

  it('does not count the processes where the platform does not tell them', async () => {
    const opencode = { version: '1.2.3', processes: () => undefined }
    const { json } = await askJson(`${await listening(() => healthOf({ opencode }))}/healthz`)
    expect(json['opencode']).toEqual({ version: '1.2.3', processes: null, residentBytes: null })
  })

  it('answers 200 also while fenced and while it shuts down, and says so', async () => {
    const url = await listening(() =>
      healthOf({
        isFenced: true,
        state: { name: 'shuttingDown', request: { kind: 'refused', message: 'not for everybody' } },
        shutdown: { cause: 'refused', hangingSteps: ['chats'], deadlineInMs: 1_499.7 },
      }),
    )
    const { status, json } = await askJson(`${url}/healthz`)
    expect(status).toBe(200)
    expect(json).toMatchObject({
      state: 'shuttingDown',
      fenced: true,
      shutdown: { cause: 'refused', hangingSteps: ['chats'], deadlineInMs: 1_500 },
    })
    expect(JSON.stringify(json)).not.toContain('not for everybody')
  })
})

describe('GET /readyz', () => {
  it('200 while ready', async () => {
    expect(await askJson(`${await listening()}/readyz`)).toEqual({ status: 200, json: { ready: true } })
  })

  it('503 with the reason otherwise', async () => {
    const url = await listening(() => healthOf({ state: { name: 'connecting', epoch: 3 } }))
    expect(await askJson(`${url}/readyz`)).toEqual({
      status: 503,
      json: { ready: false, why: 'starting: connecting' },
    })
  })

  it('does not look at the processes', async () => {
    const processes = () => {
      throw new Error('looked')
    }
    const url = await listening(() => healthOf({ opencode: { version: '1', processes } }))
    expect((await ask(`${url}/readyz`)).status).toBe(200)
  })
})

describe('every answer', () => {
  it.each(['/healthz', '/readyz', '/metrics', '/nothing'])('%s is not to be stored', async (path) => {
    const { headers } = await ask(`${await listening()}${path}`)
    expect(headers['cache-control']).toBe('no-store')
  })

  it('has no body for HEAD', async () => {
    const { status, headers, body } = await ask(`${await listening()}/readyz`, { method: 'HEAD' })
    expect({ status, body }).toEqual({ status: 200, body: '' })
    expect(Number(headers['content-length'])).toBeGreaterThan(0)
  })

  it('is given whatever the query says', async () => {
    expect((await ask(`${await listening()}/readyz?verbose`)).status).toBe(200)
  })
})

describe('refusals', () => {
  it.each([
    [403, 'ForeignHost', { host: 'evil.example' }],
    [403, 'ForeignHost', { host: '127.0.0.1.evil.example' }],
    [403, 'ForeignHost', { host: 'localhost:80:80' }],
    [403, 'ForeignHost', { host: '192.168.0.1:9464' }],
    [405, 'MethodNotAllowed', { method: 'POST' }],
    [405, 'MethodNotAllowed', { method: 'DELETE' }],
    [405, 'MethodNotAllowed', { method: 'OPTIONS' }],
  ])('%i %s: %j', async (status, code, options) => {
    const reply = await ask(`${await listening()}/healthz`, options)
    expect(reply.status).toBe(status)
    expect(JSON.parse(reply.body)).toEqual({ code, message: expect.any(String) as string })
    expect(reply.headers.allow).toBe(status === 405 ? 'GET, HEAD' : undefined)
  })

  it('403 for a client that names no host', async () => {
    const socket = connect(Number(new URL(await listening()).port), '127.0.0.1')
    socket.end('GET /healthz HTTP/1.0\r\n\r\n')
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 403 /)
  })

  it.each(['/', '/healthz/', '/HEALTHZ', '//', '/metrics/../healthz'])('404: %s', async (path) => {
    const { status, body } = await ask(await listening(), { path })
    expect(status).toBe(404)
    expect(JSON.parse(body)).toMatchObject({ code: 'NotFound' })
  })

  it.each(['localhost', 'LOCALHOST:1', '127.0.0.1', '127.0.0.1:9464', '[::1]', '[::1]:9464'])(
    'none for this machine by the name %s',
    async (host) => {
      expect((await ask(`${await listening()}/readyz`, { host })).status).toBe(200)
    },
  )

  it('500 when the worker cannot tell, and it goes on', async () => {
    let isBroken = true
    const url = await listening(() => {
      if (isBroken) throw new Error('a bug')
      return healthOf()
    })
    const { status, json } = await askJson(`${url}/healthz`)
    expect({ status, code: json['code'] }).toEqual({ status: 500, code: 'InternalError' })
    expect(JSON.stringify(json)).not.toContain('a bug')
    isBroken = false
    expect((await ask(`${url}/healthz`)).status).toBe(200)
  })
})
