import type { EmbeddedBackend } from '@rollcall/embedded-backend'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { countsOf, METRICS_TOKEN, samplesOf } from './scrape'
import { startInMemory } from './startInMemory'

/** `GET /http/metrics` of a real backend, over HTTP. */

let backend: EmbeddedBackend

beforeAll(async () => {
  backend = await startInMemory()
})

afterAll(() => backend.close())

const ask = (token: string) =>
  fetch(`${backend.url}/http/metrics`, { headers: { authorization: `Bearer ${token}` } })

describe('GET /http/metrics', () => {
  it('Prometheus metrics for monitoring: off until there is a token, then for whoever has it', async () => {
    expect((await ask(METRICS_TOKEN)).status).toBe(503)
    await backend.engine.environment.update([{ name: 'METRICS_TOKEN', value: METRICS_TOKEN }])
    expect((await ask('guess')).status).toBe(401)

    const args = { machineName: 'build-03', workerName: 'api', secretHash: '0'.repeat(64) }
    const { outcome } = await backend.engine.mutation({
      ...{ path: 'localOwner:ensureWorker', args, identity: { kind: 'admin' } },
    })
    expect(outcome.kind).toBe('ok')
    const answer = await ask(METRICS_TOKEN)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(countsOf(samplesOf(await answer.text()), 'rollcall_workers')).toEqual({
      'rollcall_workers{status="offline",phase="none",reason="new"}': 1,
    })
  })
})
