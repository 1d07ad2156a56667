import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Supervisor } from '../../src/supervisor/Supervisor'
import { defaultTimes } from '../../src/supervisor/times'
import { until } from '../setup'

/**
 * A worker's process that only speaks to its supervisor: the first says that it drains for a restart (unless it hangs), and
 * what `then` says after it; any later one ends as if it had been stopped. A ping comes when everything that was said has
 * been heard; a signal, when it was asked before.
 */
const program = `
const { appendFileSync, readFileSync } = require('node:fs')
process.on('SIGTERM', () => process.exit(0))
appendFileSync(process.env.RUNS, process.pid + '\\n')
const isFirst = readFileSync(process.env.RUNS, 'utf8').trim().split('\\n').length === 1
const { then } = process.env
if (isFirst && then !== 'hang') process.send({ type: 'stopping', restart: true })
if (isFirst && then === 'forgo') process.send({ type: 'stopping', restart: false })
process.send({ type: 'listening' })
process.on('message', ({ type }) => {
  if (isFirst && then === 'wait' && type === 'ping') return process.send({ type: 'pong' })
  if (isFirst && then === 'hang' && type === 'ping') return
  process.exit(isFirst && then === 'fail' ? 1 : 0)
})
process.on('disconnect', () => process.exit(1))
`

let folder: string
let runs: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-supervisor-'))
  runs = join(folder, 'runs')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function pids(): number[] {
  return existsSync(runs) ? readFileSync(runs, 'utf8').trim().split('\n').map(Number) : []
}

/** Supervises such a worker. `restartMs` is the pause after a crash. */
function supervise(then: 'end' | 'fail' | 'forgo' | 'wait' | 'hang', { restartMs = 60_000 } = {}) {
  const events: (string | undefined)[] = []
  const note = (fields: { event?: string }) => events.push(fields.event)
  const supervisor = new Supervisor({
    program: ['-e', program],
    env: { RUNS: runs, then },
    inherit: [],
    times: {
      ...{ ...defaultTimes, pingMs: 20, pings: { hungAfter: 6, lostAfter: 1_000 } },
      restart: { ...defaultTimes.restart, firstMs: restartMs },
    },
    logger: { info: note, warn: note, error: note },
  })
  return { supervisor, exited: supervisor.run(), events }
}

describe('a supervisor whose worker drains for a restart', () => {
  it('starts it again at once, for which nothing is explained or reported', async () => {
    const { exited, events } = supervise('end')
    expect(await exited).toBe(0)
    expect(pids()).toHaveLength(2)
    expect(events).toEqual(['worker.restarting'])
  })

  it('starts it again as after a crash when the drain failed', async () => {
    const { exited, events } = supervise('fail', { restartMs: 20 })
    expect(await exited).toBe(0)
    expect(pids()).toHaveLength(2)
    expect(events).toEqual(['worker.ended', 'worker.restarting'])
  })

  it('does not when the worker takes it back', async () => {
    const { exited, events } = supervise('forgo')
    expect(await exited).toBe(0)
    expect(pids()).toHaveLength(1)
    expect(events).toEqual([])
  })

  it('does not when it is asked to stop meanwhile', async () => {
    const { supervisor, exited, events } = supervise('wait')
    await until('started', () => pids().length > 0)
    supervisor.ask('SIGTERM')
    expect(await exited).toBe(0)
    expect(pids()).toHaveLength(1)
    expect(events).toEqual([])
  })
})

describe("a supervisor's health", () => {
  it('follows its worker through a drain for a restart, a crash, the pause and the end', async () => {
    const { supervisor, exited } = supervise('wait')
    await until('draining for a restart', () => supervisor.health.state === 'restarting')
    const first = supervisor.health
    expect(first).toMatchObject({ worker: { isHung: false }, restarts: 0, lastEnd: undefined })
    expect(first.nextRestartInMs).toBeUndefined()
    process.kill(pids()[0] ?? 0, 'SIGKILL')
    await until('pausing', () => supervisor.health.worker === undefined)
    const { lastEnd, nextRestartInMs, ...paused } = supervisor.health
    expect(paused).toEqual({ state: 'restarting', worker: undefined, restarts: 0 })
    expect(lastEnd).toMatchObject({ exitCode: null, signal: 'SIGKILL', at: expect.any(Date) as Date })
    expect(nextRestartInMs).toBeGreaterThan(20_000)
    supervisor.ask('SIGTERM')
    expect(supervisor.health.state).toBe('stopping')
    await exited
    expect(supervisor.health).toMatchObject({ state: 'stopping', restarts: 0 })
  })

  it('counts restarts and is running again after one', async () => {
    const { supervisor, exited } = supervise('fail', { restartMs: 20 })
    await until('the second', () => supervisor.health.restarts === 1 && supervisor.health.state === 'running')
    expect(supervisor.health).toMatchObject({ lastEnd: { exitCode: 1, signal: null } })
    await exited
    expect(supervisor.health).toMatchObject({ state: 'stopping', restarts: 1, lastEnd: { exitCode: 0 } })
  })

  it('says when the worker does not answer its pings', async () => {
    const { supervisor, exited } = supervise('hang')
    await until('hung', () => supervisor.health.worker?.isHung)
    expect(supervisor.health).toMatchObject({ state: 'running', restarts: 0 })
    expect(supervisor.health.worker?.missedPings).toBeGreaterThanOrEqual(6)
    supervisor.ask('SIGTERM')
    await exited
  })
})
