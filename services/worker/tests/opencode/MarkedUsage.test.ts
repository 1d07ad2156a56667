import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createMarker } from '../../src/infrastructure/opencode'
import { markerVariable, residentBytesOf } from '../../src/infrastructure/opencode/markedProcesses'
import { MarkedUsage } from '../../src/infrastructure/opencode/MarkedUsage'

const children: ChildProcess[] = []

afterEach(async () => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  for (const child of children.splice(0)) await end(child)
})

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** Starts a process with the marker, and resolves when it runs. */
async function start(marker: string): Promise<ChildProcess> {
  const child = spawn('/bin/sh', ['-c', 'echo ready; exec cat'], {
    env: { PATH: process.env['PATH'], [markerVariable]: marker },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  children.push(child)
  await once(child.stdout, 'data')
  return child
}

describe('MarkedUsage', () => {
  it('counts the processes with its marker and no others, with their memory', async () => {
    const marker = createMarker('w')
    await start(createMarker('w'))
    expect(new MarkedUsage(marker).read()).toEqual({ count: 0, residentBytes: 0 })
    await start(marker)
    await start(marker)
    const usage = new MarkedUsage(marker).read()
    expect(usage?.count).toBe(2)
    expect(usage?.residentBytes).toBeGreaterThan(100_000)
    expect(usage?.residentBytes).toBeLessThan(100_000_000)
  })

  it('looks at most once a second', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const marker = createMarker('w')
    const usage = new MarkedUsage(marker)
    const child = await start(marker)
    expect(usage.read()?.count).toBe(1)
    await end(child)
    vi.advanceTimersByTime(999)
    expect(usage.read()?.count).toBe(1)
    vi.advanceTimersByTime(1)
    expect(usage.read()?.count).toBe(0)
  })

  it('knows nothing where the platform does not tell', () => {
    vi.stubGlobal('process', { ...process, platform: 'darwin' })
    expect(new MarkedUsage(createMarker('w')).read()).toBeUndefined()
  })
})

describe('residentBytesOf', () => {
  it('is the memory of a process in RAM, and undefined for none', () => {
    const told = residentBytesOf(process.pid) ?? 0
    expect(told / process.memoryUsage.rss()).toBeCloseTo(1, 0)
    expect(residentBytesOf(2 ** 22 + 1)).toBeUndefined()
  })
})
