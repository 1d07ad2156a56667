import { describe, expect, it } from 'vitest'
import { transitions } from '../../../src/domain/workerState'
import type { WorkerHealth } from '../../../src/infrastructure/health/WorkerHealth'
import { parseMetrics } from './parseMetrics'
import { ask, healthOf, listening } from './setup'

async function scrape(url: string): Promise<Map<string, number>> {
  const { status, headers, body } = await ask(`${url}/metrics`)
  expect(status).toBe(200)
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
  return parseMetrics(body)
}

const ofTheWorker = (samples: Map<string, number>) =>
  Object.fromEntries([...samples].filter(([name]) => name.startsWith('rollcall_')))

describe('GET /metrics', () => {
  it('has a sample for everything that is known', async () => {
    const beats = new Map(Object.entries({ acknowledged: 41, SUPERSEDED: 1 }))
    const samples = await scrape(
      await listening(() => healthOf({ answersRunning: 2, isFenced: true, beats })),
    )
    const states = Object.keys(transitions).map((name) => [
      `rollcall_worker_state{state="${name}"}`,
      name === 'ready' ? 1 : 0,
    ])
    expect(ofTheWorker(samples)).toEqual({
      ...Object.fromEntries(states),
      rollcall_worker_epoch: 3,
      rollcall_worker_fenced: 1,
      rollcall_worker_heartbeat_age_seconds: expect.closeTo(12.5004) as number,
      'rollcall_worker_heartbeats_total{outcome="acknowledged"}': 41,
      'rollcall_worker_heartbeats_total{outcome="SUPERSEDED"}': 1,
      rollcall_worker_answers_running: 2,
      rollcall_opencode_up: 1,
      rollcall_opencode_processes: 3,
      rollcall_opencode_resident_bytes: 300_000_000,
    })
  })

  it('has none for what is not known, and follows what becomes known and unknown', async () => {
    const unknown: Partial<WorkerHealth> = { epoch: undefined, beatAgeMs: undefined, opencode: undefined }
    let health = healthOf(unknown)
    const url = await listening(() => health)
    const names = [
      'rollcall_worker_epoch',
      'rollcall_worker_heartbeat_age_seconds',
      'rollcall_opencode_processes',
      'rollcall_opencode_resident_bytes',
    ]
    const known = async () => {
      const samples = await scrape(url)
      return [samples.get('rollcall_opencode_up'), names.filter((name) => samples.has(name))]
    }
    expect(await known()).toEqual([0, []])
    health = healthOf()
    expect(await known()).toEqual([1, names])
    health = healthOf(unknown)
    expect(await known()).toEqual([0, []])
  })

  it('counts beats once, however often it is asked', async () => {
    const beats = new Map([['acknowledged', 1]])
    const url = await listening(() => healthOf({ beats }))
    const counted = async () =>
      (await scrape(url)).get('rollcall_worker_heartbeats_total{outcome="acknowledged"}')
    expect([await counted(), await counted()]).toEqual([1, 1])
    beats.set('acknowledged', 3)
    expect(await counted()).toBe(3)
  })

  it('tells of the process itself, to several servers apart', async () => {
    for (const url of [await listening(), await listening()]) {
      const samples = await scrape(url)
      expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(10_000_000)
      expect(samples.get('process_cpu_seconds_total')).toBeGreaterThan(0)
      expect(samples.get('nodejs_heap_size_used_bytes')).toBeGreaterThan(1_000_000)
    }
  })

  it('is consistent when scraped by many at once', async () => {
    const url = await listening()
    const scraped = await Promise.all(Array.from({ length: 10 }, () => scrape(url)))
    expect(scraped.map((samples) => samples.get('rollcall_worker_epoch'))).toEqual(Array(10).fill(3))
  })
})

describe('parseMetrics', () => {
  it.each(['a 1', '# TYPE a gauge\na one\n', '# TYPE a gauge\na 1\na 1\n', 'b 1\n', '# TYPE a thing\n'])(
    'does not take %j',
    (text) => expect(() => parseMetrics(text)).toThrow(),
  )
})
