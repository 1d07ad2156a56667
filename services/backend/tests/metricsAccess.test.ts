import parsePrometheusTextFormat from 'parse-prometheus-text-format'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { everything, makeWorld } from './everyFunction'
import { METRICS_TOKEN } from './scrape'
import { useBackend } from './setup'

const backend = useBackend()

beforeEach(() => void vi.stubEnv('METRICS_TOKEN', METRICS_TOKEN))
afterEach(() => void vi.unstubAllEnvs())

describe('who may read the numbers of the fleet', () => {
  const ask = (headers: Record<string, string> = {}) => backend.t.fetch('/metrics', { headers })

  it('answers the token as text of the format 0.0.4', async () => {
    const answer = await ask({ authorization: `bearer ${METRICS_TOKEN}` })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    for (const { name, help, type } of parsePrometheusTextFormat(await answer.text())) {
      expect(name).toMatch(/^rollcall_[a-z_]+$/)
      expect(help, name).not.toBe('')
      expect(type === 'COUNTER', name).toBe(name.endsWith('_total'))
    }
  })

  it('refuses everybody else, and changes nothing', async () => {
    const world = await makeWorld(backend.t)
    const before = await everything(world)
    const others = [
      {},
      { authorization: METRICS_TOKEN },
      { authorization: `Basic ${METRICS_TOKEN}` },
      { authorization: `Bearer ${METRICS_TOKEN}x` },
      { authorization: 'Bearer ' },
      { authorization: `Bearer ${world.worker.secret}` },
    ]
    for (const headers of others) {
      const answer = await ask(headers as Record<string, string>)
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
      expect(await answer.text()).not.toContain('rollcall_')
    }
    expect(await everything(world)).toEqual(before)
  })

  it.each(['', undefined])('says how to set the token where it is %j', async (token) => {
    vi.stubEnv('METRICS_TOKEN', token)
    const answer = await ask({ authorization: 'Bearer ' })
    expect(answer.status).toBe(503)
    expect(await answer.text()).toContain('convex env set METRICS_TOKEN')
  })
})
