import { createServer, type Server } from 'node:http'
import { json } from 'node:stream/consumers'
import { parseWorkerToken } from '@rollcall/backend/contract'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { UsageError } from '../src/errors'
import { hashOf } from '../src/local/secret'
import { pair } from '../src/pairing/pair'

const host = { hostname: 'laptop', user: 'bob', directory: '/src', workerName: 'worker' }
const logger = pino({ level: 'silent' })

interface Call {
  path: string
  args: [Record<string, string>]
}

/** Answers one call after the other; a number is a status without a body. */
let answers: (object | number)[]
let calls: Call[]
let server: Server
let url: string

beforeEach(async () => {
  calls = []
  server = createServer((request, response) => {
    void json(request).then((call) => {
      calls.push({ ...(call as Call), path: `${request.url ?? ''} ${(call as Call).path}` })
      const answer = answers.shift() ?? 500
      response.statusCode = typeof answer === 'number' ? answer : 200
      response.end(typeof answer === 'number' ? '' : JSON.stringify(answer))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  url = `http://127.0.0.1:${address.port}`
})

afterEach(() => {
  server.close()
  vi.restoreAllMocks()
})

const begun = (code: string) => ({
  status: 'success',
  value: { pairingId: `pairing of ${code}`, code, expiresAt: 1, page: 'https://rollcall.example.com' },
})
const outcome = (value: object) => ({ status: 'success', value })
const refusal = (code: string, message: string) => ({
  status: 'error',
  errorMessage: 'Uncaught ConvexError',
  errorData: { code, message },
})

function begin(stop = new AbortController().signal) {
  const said: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said.push(String(text))
    return true
  })
  return { token: pair({ url, host, logger, stop, pollMs: 50 }), said }
}

describe('pair', () => {
  it('shows another code, with another secret, when one has expired', async () => {
    answers = [
      begun('BCDFGHJK'),
      outcome({ kind: 'expired' }),
      begun('LMNPQRST'),
      502,
      outcome({
        ...{ kind: 'approved', machineId: 'm', workerId: 'w' },
        machine: 'laptop',
        worker: 'web',
        by: 'ada',
      }),
    ]
    const { token, said } = begin()
    const kept = await token
    expect(said.join('')).toMatch(
      /BCDF-GHJK[^]*has expired[^]*LMNP-QRST[^]*Approved by ada: web on laptop\n$/,
    )
    expect(calls.map(({ path }) => path)).toEqual([
      '/api/action pairing:start',
      '/api/query pairing:outcome',
      '/api/action pairing:start',
      '/api/query pairing:outcome',
      '/api/query pairing:outcome',
    ])
    const parts = parseWorkerToken(kept.token)
    expect({ ...parts, name: kept.name }).toMatchObject({ machineId: 'm', workerId: 'w', name: 'web' })
    const secret = parts?.secret ?? ''
    expect(calls[2]?.args[0]['secretHash']).toBe(hashOf(secret))
    expect(calls[0]?.args[0]['secretHash']).not.toBe(hashOf(secret))
    expect(calls[4]?.args).toEqual([{ pairingId: 'pairing of LMNPQRST', secret }])
    expect(said.join('')).not.toContain(secret)
  })

  it('takes a pairing that nobody knows any more for expired', async () => {
    answers = [
      begun('BCDFGHJK'),
      refusal('NOT_FOUND', 'gone'),
      refusal('RATE_LIMITED', 'Try again in 5 min.'),
    ]
    const { token, said } = begin()
    await expect(token).rejects.toEqual(new UsageError(['Try again in 5 min.'], 1))
    expect(said.join('')).toContain('has expired')
  })

  it('says who turned it away', async () => {
    answers = [begun('BCDFGHJK'), outcome({ kind: 'denied', by: 'ada' })]
    await expect(begin().token).rejects.toEqual(new UsageError(['ada turned this worker away.'], 1))
  })

  it('does not wait for what is no Rollcall backend', async () => {
    answers = [
      {
        status: 'error',
        errorMessage: "Could not find public function for 'pairing:start'. Did you forget …",
      },
    ]
    await expect(begin().token).rejects.toThrow(/^CONVEX_URL \(http.*without these functions/)
    answers = [404]
    await expect(begin().token).rejects.toThrow(/^CONVEX_URL \(http.* it answers 404/)
  })

  it('ends at once when it is told to stop', async () => {
    answers = [begun('BCDFGHJK')]
    const controller = new AbortController()
    const { token, said } = begin(controller.signal)
    await vi.waitFor(() => expect(said.join('')).toContain('BCDF-GHJK'))
    controller.abort(new Error('told to stop'))
    await expect(token).rejects.toThrow()
    expect(calls).toHaveLength(1)
  })
})
