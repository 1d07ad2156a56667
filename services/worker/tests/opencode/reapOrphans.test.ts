import { spawn, type ChildProcess } from 'node:child_process'
import { pino } from 'pino'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createMarker, reapOrphans } from '../../src/infrastructure/opencode'
import { isOwnerAlive, parseMarker } from '../../src/infrastructure/opencode/marker'
import { endMarked, findMarked, markerVariable } from '../../src/infrastructure/opencode/markedProcesses'

const logger = pino({ level: 'silent' })
const children: ChildProcess[] = []

afterEach(async () => {
  vi.restoreAllMocks()
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }
})

/** Starts a shell with the marker in its environment, and resolves when its script says "ready". */
async function start(
  marker: string,
  script = 'echo ready; exec sleep 4244',
): Promise<ChildProcess & { pid: number }> {
  const child = spawn('/bin/sh', ['-c', script], {
    env: { PATH: process.env['PATH'], [markerVariable]: marker },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  children.push(child)
  await new Promise((resolve) => child.stdout.once('data', resolve))
  return child as typeof child & { pid: number }
}

function markerOfDead(workerId: string): string {
  return createMarker(workerId).replace(/\/\d+\/\d+\//, `/${2 ** 22 + 1}/1/`)
}

describe('marker', () => {
  it('names the worker and this process, and differs each time', () => {
    const marker = createMarker('a worker/with=odd id')
    expect(parseMarker(marker)).toMatchObject({ workerId: 'a worker/with=odd id', ownerPid: process.pid })
    expect(createMarker('w')).not.toBe(createMarker('w'))
  })

  it('tells a living owner from a dead one, and from another process with the same pid', () => {
    const marker = parseMarker(createMarker('w'))
    if (marker === undefined) throw new Error('Not a marker')
    expect(isOwnerAlive(marker)).toBe(true)
    expect(isOwnerAlive({ ...marker, ownerStartTime: '1' })).toBe(false)
    expect(isOwnerAlive({ ...marker, ownerPid: 2 ** 22 + 1 })).toBe(false)
  })

  it.each(['', 'w', 'w/1', 'w/x/1/r', 'w/1/1/r/more', '/1/1/r'])('%j is not one', (text) => {
    expect(parseMarker(text)).toBeUndefined()
  })
})

describe('findMarked', () => {
  it('finds a process by its marker, and children of it that lost theirs', async () => {
    const marker = createMarker('w')
    const shell = await start(marker, 'env -i /bin/sleep 4245 & echo ready; wait')
    const found = findMarked((text) => text === marker)
    expect(found).toContain(shell.pid)
    expect(found).toHaveLength(2)
    await endMarked((text) => text === marker, { graceMs: 500, killMs: 2000 })
    expect(findMarked((text) => text === marker)).toEqual([])
  })
})

describe('endMarked', () => {
  it('has its time on a clock that nobody sets', async () => {
    const marker = createMarker('w')
    await start(marker)
    let hours = 0
    vi.spyOn(Date, 'now').mockImplementation(() => (hours += 1) * 3_600_000)
    const result = await endMarked((text) => text === marker, { graceMs: 0, killMs: 2000 })
    expect(result).toEqual({ ended: 1, left: 0 })
  })
})

describe('reapOrphans', () => {
  it('ends what a dead incarnation left, also what ignores SIGTERM', async () => {
    const marker = markerOfDead('w')
    await start(marker)
    await start(marker, "trap '' TERM; echo ready; while :; do sleep 0.1; done")
    expect(await reapOrphans({ workerId: 'w', logger })).toBeGreaterThanOrEqual(2)
    expect(findMarked((text) => text === marker)).toEqual([])
  })

  it('touches neither another worker, nor a living incarnation, nor a marker it does not understand', async () => {
    const kept = [
      await start(markerOfDead('another')),
      await start(markerOfDead('w2')),
      await start(createMarker('w')),
      await start('w'),
    ]
    expect(await reapOrphans({ workerId: 'w', logger })).toBe(0)
    expect(kept.map((child) => child.signalCode ?? child.exitCode)).toEqual([null, null, null, null])
  })
})
