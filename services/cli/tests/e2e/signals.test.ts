import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { untilGone, untilPrinted, useWorkplace, type Command } from './Workplace'

/** Backend and page apart, so that the truth can be read when the worker is gone. */
const workplace = useWorkplace()
let dev: Command
let pnpm: string

beforeAll(async () => {
  const where = ['--yes', '-p', 'pnpm@12', '-c', 'command -v pnpm']
  pnpm = execFileSync('npx', where, { encoding: 'utf8', stdio: 'pipe' }).trim()
  dev = workplace.rollcall(['dev', '--built'])
  await untilPrinted(dev, 'Stop ')
})

afterAll(async () => {
  dev.child.kill('SIGTERM')
  await untilGone(dev)
})

const offline = { status: 'offline', phase: null, offlineReason: 'shutdown' } as const

/** Without a terminal, as a service manager or a script starts it. */
const launch = {
  node: () => workplace.rollcall(['start', '--demo'], { ownGroup: true }),
  pnpm: () => workplace.run(pnpm, ['start', '--demo'], { ownGroup: true }),
  npx: () => workplace.run('npx', ['--yes', 'pnpm@12', 'start', '--demo'], { ownGroup: true }),
}

describe('start without a terminal', () => {
  it.each<[keyof typeof launch, NodeJS.Signals, 'alone' | 'group', string]>([
    ['node', 'SIGINT', 'alone', 'SIGINT'],
    ['node', 'SIGQUIT', 'alone', 'SIGQUIT'],
    ['node', 'SIGHUP', 'group', 'SIGHUP'],
    ['pnpm', 'SIGTERM', 'alone', 'SIGTERM'],
    ['npx', 'SIGTERM', 'alone', 'launcher-gone'],
    ['npx', 'SIGKILL', 'alone', 'launcher-gone'],
  ])('%s told %s (%s) drains, is offline and leaves nothing: %s', async (launcher, signal, whom, cause) => {
    const running = await workplace.nextRun()
    const command = launch[launcher]()
    await workplace.untilWorker('worker', running)
    process.kill(whom === 'group' ? -command.pid : command.pid, signal)
    await untilGone(command)
    expect(command.output().split('Graceful shutdown completed')).toHaveLength(2)
    expect(command.output()).toContain(`"event":"shutdown.completed","cause":"${cause}"`)
    expect(await workplace.worker('worker')).toMatchObject(offline)
    if (launcher === 'node') expect(await command.exit).toBe(0)
  })

  it('has its worker drain and tell the backend when the supervisor is killed', async () => {
    const running = await workplace.nextRun()
    const command = launch.node()
    await workplace.untilWorker('worker', running)
    command.child.kill('SIGKILL')
    await untilGone(command)
    expect(await workplace.worker('worker')).toMatchObject(offline)
  })

  it('ends at once, exit 0, when told to stop before there is a worker', async () => {
    const command = launch.node()
    await untilPrinted(command, 'backend.ready')
    command.child.kill('SIGTERM')
    expect(await command.exit).toBe(0)
    await untilGone(command)
  })
})
