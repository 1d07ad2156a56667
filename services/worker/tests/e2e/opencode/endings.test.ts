import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { reapOrphans, type Opencode } from '../../../src/infrastructure/opencode'
import { parseMarker } from '../../../src/infrastructure/opencode/marker'
import {
  ask,
  commands,
  createSandbox,
  eventually,
  marked,
  pidOf,
  quiet,
  startOpencode,
  type Sandbox,
} from './setup'

const fixture = fileURLToPath(new URL('./fixtures/workerInATool.ts', import.meta.url))
const longCommand = /^sleep 4242$/

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await createSandbox()
})
afterEach(async () => {
  const left = commands(sandbox.options.marker)
  for (const pid of marked(sandbox.options.marker)) process.kill(pid, 'SIGKILL')
  await sandbox.remove()
  expect(left).toEqual([])
})

/** Starts a prompt whose bash tool runs on and on, and resolves when it does. */
async function inATool(opencode: Opencode): Promise<{ answer: ReturnType<typeof ask> }> {
  const answer = ask(opencode, { model: 'tool', text: 'run: sleep 4242; true' })
  await eventually(() => pidOf(sandbox.options.marker, longCommand))
  return { answer }
}

describe('stop', () => {
  it('in the middle of a tool call leaves no process, and aborts the prompt', async () => {
    const opencode = await startOpencode(sandbox.options)
    expect(opencode.version).toMatch(/^\d+\.\d+\.\d+/)
    const { answer } = await inATool(opencode)
    const started = Date.now()
    await Promise.all([opencode.stop(), opencode.stop()])
    expect(Date.now() - started).toBeLessThan(8_000)
    expect(commands(sandbox.options.marker)).toEqual([])
    expect((await answer).outcome).toEqual({ kind: 'aborted' })
    const none = Promise.resolve('not by itself')
    expect(await Promise.race([opencode.exited, none])).toBe('not by itself')
  })

  it('keeps its deadline when opencode does not react at all', async () => {
    const opencode = await startOpencode(sandbox.options)
    process.kill(pidOf(sandbox.options.marker, / serve /) ?? 0, 'SIGSTOP')
    const started = Date.now()
    await opencode.stop({ deadlineMs: 1_500 })
    expect(Date.now() - started).toBeLessThan(2_500)
    expect(commands(sandbox.options.marker)).toEqual([])
  })
})

describe('unexpected end', () => {
  it('opencode killed: exited, the prompt is interrupted, its tool is ended', async () => {
    const opencode = await startOpencode(sandbox.options)
    const { answer } = await inATool(opencode)
    process.kill(pidOf(sandbox.options.marker, / serve /) ?? 0, 'SIGKILL')
    expect(await opencode.exited).toEqual({ exitCode: null, signal: 'SIGKILL' })
    expect((await answer).outcome).toEqual({
      kind: 'interrupted',
      cause: expect.stringContaining('ended unexpectedly') as string,
    })
    expect(commands(sandbox.options.marker)).toEqual([])
    await opencode.stop()
  })

  it('worker and guard killed: what is left is reaped at the next start, and nothing else', async () => {
    const { directory } = sandbox.options
    const worker = spawn(
      process.execPath,
      ['--import', 'tsx', fixture, sandbox.home, directory, sandbox.model.url],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    const line = await new Promise<string>((resolve) => createInterface(worker.stdout).once('line', resolve))
    const { marker } = JSON.parse(line) as { marker: string }
    sandbox.options.marker = marker
    const tool = await eventually(() => pidOf(marker, longCommand))

    expect(await reapOrphans({ workerId: 'killed-worker', logger: quiet })).toBe(0)
    expect(marked(marker)).toContain(tool)

    worker.kill('SIGSTOP')
    process.kill(guardPid(marker), 'SIGKILL')
    worker.kill('SIGKILL')
    await new Promise((resolve) => worker.once('exit', resolve))
    expect(parseMarker(marker)?.ownerPid).toBe(worker.pid)
    expect(await reapOrphans({ workerId: 'another-worker', logger: quiet })).toBe(0)
    expect(marked(marker)).toContain(tool)
    expect(await reapOrphans({ workerId: 'killed-worker', logger: quiet })).toBeGreaterThan(0)
    expect(marked(marker)).toEqual([])
  })
})

/** The guard carries no marker: it is the parent of the marked process that serves. */
function guardPid(marker: string): number {
  const serving = pidOf(marker, / serve /) ?? 0
  const stat = readFileSync(`/proc/${serving}/stat`, 'utf8')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}
