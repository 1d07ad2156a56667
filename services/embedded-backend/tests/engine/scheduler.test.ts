import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { admin, eventually, mutate, openTestEngine, query, temporaryFolder } from './openTestEngine'
import type { Engine } from '../../src/engine/types'

const counter = (engine: Engine, name: string) => query(engine, 'runtime:counter', { name })
const scheduled = (engine: Engine) => query(engine, 'runtime:scheduled')

describe('the scheduler', () => {
  it('runs a scheduled mutation once and shows its row', async () => {
    const engine = await openTestEngine()
    await mutate(engine, 'runtime:schedule', { name: 'soon', delayMs: 30 })
    expect(await scheduled(engine)).toEqual(['runtime:bump pending'])
    expect(await counter(engine, 'soon')).toBe(0)
    await eventually(async () => (await counter(engine, 'soon')) === 1)
    expect(await scheduled(engine)).toEqual(['runtime:bump success'])
    expect(engine.tables()).not.toContain('_scheduled_functions')
  })

  it('runs as many at once as were scheduled, each once', async () => {
    const engine = await openTestEngine()
    await mutate(engine, 'runtime:schedule', { name: 'many', delayMs: 0, times: 200 })
    await eventually(async () => (await counter(engine, 'many')) === 200)
    expect(new Set((await scheduled(engine)) as string[])).toEqual(new Set(['runtime:bump success']))
  })

  it('schedules nothing when the mutation fails', async () => {
    const engine = await openTestEngine()
    await expect(mutate(engine, 'runtime:scheduleThenFail', { name: 'never' })).rejects.toThrow('rolled back')
    expect(await scheduled(engine)).toEqual([])
  })

  it('runs actions, and records failures without what they wrote', async () => {
    const engine = await openTestEngine()
    await mutate(engine, 'runtime:schedule', { name: 'acted', delayMs: 0, path: 'runtime:bumpInAction' })
    await mutate(engine, 'runtime:schedule', { name: 'failed', delayMs: 0, path: 'runtime:bumpFails' })
    await eventually(async () => !JSON.stringify(await scheduled(engine)).match(/pending|inProgress/))
    expect(await scheduled(engine)).toEqual(['runtime:bumpInAction success', 'runtime:bumpFails failed'])
    expect([await counter(engine, 'acted'), await counter(engine, 'failed')]).toEqual([1, 0])
  })

  it('refuses to schedule what does not exist or is a query', async () => {
    const engine = await openTestEngine()
    const schedule = (path: string) => mutate(engine, 'runtime:schedule', { name: 'x', delayMs: 0, path })
    await expect(schedule('runtime:missing')).rejects.toThrow('Could not find function')
    await expect(schedule('notes:countAll')).rejects.toThrow('Only mutations and actions can be scheduled')
  })

  it('does not run what was canceled', async () => {
    const engine = await openTestEngine()
    const id = await mutate(engine, 'runtime:schedule', { name: 'canceled', delayMs: 40 })
    await mutate(engine, 'runtime:cancel', { id })
    await mutate(engine, 'runtime:schedule', { name: 'after', delayMs: 60 })
    await eventually(async () => (await counter(engine, 'after')) === 1)
    expect(await counter(engine, 'canceled')).toBe(0)
    expect(await scheduled(engine)).toEqual(['runtime:bump canceled', 'runtime:bump success'])
  })

  it('does not run what is canceled when it is already waiting for its turn', async () => {
    const engine = await openTestEngine()
    const due = { delayMs: 100, times: 1 }
    await mutate(engine, 'runtime:schedule', { ...due, name: 'x', path: 'runtime:cancelPending' })
    await mutate(engine, 'runtime:schedule', { ...due, name: 'victim', delayMs: 100 })
    // Both are due by now and start together; the first cancels everything pending, itself included.
    const busyUntil = Date.now() + 150
    while (Date.now() < busyUntil) continue
    await eventually(async () => !JSON.stringify(await scheduled(engine)).includes('pending'))
    expect(await scheduled(engine)).toEqual(['runtime:cancelPending canceled', 'runtime:bump canceled'])
    expect(await counter(engine, 'victim')).toBe(0)
  })

  it('does not run at once what is due in a month', async () => {
    const engine = await openTestEngine()
    await mutate(engine, 'runtime:schedule', { name: 'month', delayMs: 30 * 24 * 3_600_000 })
    await mutate(engine, 'runtime:schedule', { name: 'soon', delayMs: 20 })
    await eventually(async () => (await counter(engine, 'soon')) === 1)
    expect(await counter(engine, 'month')).toBe(0)
  })

  it('runs after a restart what came due meanwhile, once however often it restarts', async () => {
    const dataDir = await temporaryFolder()
    const first = await openTestEngine({ dataDir })
    await mutate(first, 'runtime:schedule', { name: 'later', delayMs: 50 })
    await first.close()
    const second = await openTestEngine({ dataDir })
    await eventually(async () => (await counter(second, 'later')) === 1)
    await second.close()
    const third = await openTestEngine({ dataDir })
    await mutate(third, 'runtime:schedule', { name: 'marker', delayMs: 0 })
    await eventually(async () => (await counter(third, 'marker')) === 1)
    expect(await counter(third, 'later')).toBe(1)
  })

  it('fails an action that a crash interrupted, and does not run it again', async () => {
    const dataDir = await temporaryFolder()
    const first = await openTestEngine({ dataDir })
    await mutate(first, 'runtime:schedule', { name: 'slow', delayMs: 0, path: 'runtime:slowAction' })
    await eventually(async () => (await counter(first, 'slow')) === 1)
    // The beginning is on the disk before the action runs, or a crash would run it twice.
    expect(await readFile(join(dataDir, 'log-1'), 'utf8')).toContain('inProgress')
    await first.close()
    const second = await openTestEngine({ dataDir })
    expect(await scheduled(second)).toEqual(['runtime:slowAction failed'])
    expect(await counter(second, 'slow')).toBe(1)
  })
})

describe('crons', () => {
  const functionsDir = new URL('../fixtures/crons', import.meta.url).pathname

  it('runs a new interval job at once, then not before it is due, also after a restart', async () => {
    const dataDir = await temporaryFolder()
    const first = await openTestEngine({ dataDir, functionsDir })
    await eventually(async () => (await query(first, 'jobs:runs', { name: 'every hour' })) === 1)
    await first.close()
    const second = await openTestEngine({ dataDir, functionsDir })
    await eventually(async () => Number(await query(second, 'jobs:runs', { name: 'every second' })) >= 2)
    expect(await query(second, 'jobs:runs', { name: 'every hour' })).toBe(1)
    expect(await query(second, 'jobs:runs', { name: 'every day' })).toBe(0)
    expect(second.tables()).toEqual(['runs'])
    // Internal: out of reach for clients, in reach for crons.
    await expect(mutate(second, 'jobs:run', { name: 'x' })).rejects.toThrow('Could not find public function')
    await mutate(second, 'jobs:run', { name: 'x' }, admin)
  })

  it('goes on after a run that failed, and never runs a job twice at once', async () => {
    const engine = await openTestEngine({ functionsDir })
    await eventually(async () => Number(await query(engine, 'jobs:runs', { name: 'slow' })) >= 2, 8_000)
    expect(await query(engine, 'jobs:runs', { name: 'overlapped' })).toBe(0)
    const { entries } = await engine.logsAfter(0, 0)
    expect(entries.filter(({ identifier }) => identifier === 'jobs:fail').length).toBeGreaterThanOrEqual(2)
  })
})
