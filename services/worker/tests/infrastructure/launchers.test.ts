import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import { findLaunchers, isAlive, kindOf } from '../../src/infrastructure/launchers'
import { until } from '../setup'

const groups: ChildProcess[] = []

/** Leads a process group of its own, which is ended after the test. */
function group(program: string, args: string[]) {
  const leader = spawn(program, args, { detached: true, stdio: ['ignore', 'pipe', 'ignore'] })
  groups.push(leader)
  return leader
}

afterEach(() => {
  for (const { pid } of groups.splice(0)) if (pid !== undefined) process.kill(-pid, 'SIGKILL')
})

describe('kindOf', () => {
  it.each([
    [['npm exec pnpm@12 start'], 'launcher'],
    [['npm run start', ''], 'launcher'],
    [['pnpm', 'start'], 'launcher'],
    [['/usr/local/bin/yarn', 'start'], 'launcher'],
    [['/usr/bin/node', '/usr/lib/node_modules/pnpm/bin/pnpm.cjs', 'start'], 'launcher'],
    [['node', '--no-warnings', '/usr/bin/npx', 'x'], 'launcher'],
    [['sh', '-c', 'node x'], 'shell'],
    [['/bin/bash', '-c', 'node x'], 'shell'],
    [['-bash'], undefined],
    [['bash'], undefined],
    [['bash', 'script.sh'], undefined],
    [['node', 'server.js', 'npm'], undefined],
    [['/sbin/init'], undefined],
    [[], undefined],
  ] as const)('%j is %s', (argv, kind) => {
    expect(kindOf(argv)).toBe(kind)
  })
})

describe('findLaunchers', () => {
  it('does not take a shell of its own for a launcher', async () => {
    const shell = group('sh', ['-c', 'sleep 60; true'])
    await once(shell, 'spawn')
    expect(findLaunchers(shell.pid)).toEqual([])
  })

  it('notices the end of one that it found', async () => {
    const launcher = spawn('sleep', ['60'], { argv0: 'pnpm', stdio: 'ignore' })
    await once(launcher, 'spawn')
    const found = await until('found', () => findLaunchers(launcher.pid)[0])
    expect(found.pid).toBe(launcher.pid)
    expect(isAlive(found)).toBe(true)
    expect(isAlive({ ...found, startTime: 'another' })).toBe(false)
    launcher.kill('SIGKILL')
    await until('gone', () => !isAlive(found))
  })

  it('takes one that has ended, but that nobody collects, for gone', async () => {
    const script = '(exec -a pnpm sleep 60) & echo $!; exec sleep 60'
    const careless = group('bash', ['-c', script])
    const [line] = (await once(careless.stdout, 'data')) as [Buffer]
    const pid = Number(line.toString())
    const found = await until('found', () => findLaunchers(pid)[0])
    process.kill(pid, 'SIGKILL')
    await until('gone', () => !isAlive(found))
  })
})
