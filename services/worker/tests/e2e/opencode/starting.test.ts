import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ask, commands, createSandbox, eventually, pidOf, startOpencode, type Sandbox } from './setup'

let sandbox: Sandbox
beforeEach(async () => {
  sandbox = await createSandbox()
})
afterEach(async () => {
  expect(commands(sandbox.options.marker)).toEqual([])
  await sandbox.remove()
})

async function script(...lines: string[]): Promise<string> {
  const path = join(sandbox.home, 'fake-opencode')
  await writeFile(path, ['#!/bin/sh', ...lines].join('\n'))
  await chmod(path, 0o755)
  return path
}

describe('startOpencode', () => {
  it('names a missing binary and says what to do', async () => {
    await expect(startOpencode({ ...sandbox.options, bin: '/nowhere/opencode' })).rejects.toMatchObject({
      code: 'OPENCODE_MISSING',
      message: expect.stringMatching(
        /^opencode was not found at \/nowhere\/opencode: set OPENCODE_BIN .*$/,
      ) as string,
    })
  })

  it('names a file that cannot be run', async () => {
    const bin = await script('exit 0')
    await chmod(bin, 0o644)
    await expect(startOpencode({ ...sandbox.options, bin })).rejects.toMatchObject({
      code: 'OPENCODE_MISSING',
    })
  })

  it('quotes the last line of a binary that fails', async () => {
    const bin = await script('echo first >&2', 'echo "no such library" >&2', 'exit 3')
    await expect(startOpencode({ ...sandbox.options, bin })).rejects.toMatchObject({
      code: 'OPENCODE_FAILED',
      message: expect.stringMatching(
        /^opencode could not be started: .*exit code 3.*no such library$/,
      ) as string,
    })
  })

  it('gives up on a binary that never listens, and ends it', async () => {
    const bin = await script('echo "still thinking" >&2', 'sleep 4243 &', 'sleep 4243')
    await expect(startOpencode({ ...sandbox.options, bin, startTimeoutMs: 2_000 })).rejects.toMatchObject({
      code: 'OPENCODE_FAILED',
      message: expect.stringContaining('did not answer in time. Its last line: still thinking') as string,
    })
  })

  it('names a folder that does not exist', async () => {
    await expect(startOpencode({ ...sandbox.options, directory: '/nowhere/at/all' })).rejects.toMatchObject({
      code: 'OPENCODE_FAILED',
      message: expect.stringContaining('/nowhere/at/all') as string,
    })
  })

  it('tells an invalid configuration, which opencode itself calls healthy', async () => {
    await expect(startOpencode({ ...sandbox.options, config: { model: 42 } })).rejects.toMatchObject({
      code: 'OPENCODE_FAILED',
      message: expect.stringMatching(/configuration is not valid/) as string,
    })
  })

  it('rejects with the reason of an abort, at any moment of the start', async () => {
    const reason = new Error('the worker is stopping')
    await expect(startOpencode({ ...sandbox.options, signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    )

    const abort = new AbortController()
    const start = startOpencode({ ...sandbox.options, signal: abort.signal })
    start.catch(() => undefined)
    await eventually(() => pidOf(sandbox.options.marker, / serve /))
    abort.abort(reason)
    await expect(start).rejects.toBe(reason)
    expect(commands(sandbox.options.marker)).toEqual([])
  })

  it('keeps the password off the command line and out of the log, and sessions across a restart', async () => {
    const opencode = await startOpencode(sandbox.options)
    const { id } = await opencode.createSession({ title: 'Kept' })
    await ask(opencode, { model: 'ok', sessionId: id })
    expect(commands(sandbox.options.marker).join(' ')).toMatch(/serve --hostname=127\.0\.0\.1 --port=\d+$/)
    await opencode.stop()

    const next = await startOpencode(sandbox.options)
    try {
      expect(await next.sessionExists(id)).toBe(true)
      expect((await ask(next, { model: 'ok', sessionId: id })).outcome).toEqual({ kind: 'completed' })
    } finally {
      await next.stop()
    }
  })
})
