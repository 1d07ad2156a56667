import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { untilGone, untilPrinted, useWorkplace, type Command } from './Workplace'

/** Backend and page apart, so that the truth can be read when the worker is gone. */
const workplace = useWorkplace()
let dev: Command

beforeAll(async () => {
  dev = workplace.rollcall(['dev', '--built'])
  await untilPrinted(dev, 'Stop ')
})

afterAll(async () => {
  dev.child.kill('SIGTERM')
  await untilGone(dev)
})

const offline = { status: 'offline', phase: null, offlineReason: 'shutdown' } as const

/** Without a terminal or a launcher, as a service manager starts it; `terminal.test.ts` has those. */
const start = () => workplace.rollcall(['start', '--demo'], { ownGroup: true })

describe('start without a terminal', () => {
  it.each<[NodeJS.Signals, 'alone' | 'group']>([
    ['SIGQUIT', 'alone'],
    ['SIGTERM', 'group'],
  ])('told %s (%s) drains, is offline and leaves nothing', async (signal, whom) => {
    const running = await workplace.nextRun()
    const command = start()
    await workplace.untilWorker('worker', running)
    process.kill(whom === 'group' ? -command.pid : command.pid, signal)
    await untilGone(command)
    expect(command.output().split('Graceful shutdown completed')).toHaveLength(2)
    expect(command.output()).toContain(`"event":"shutdown.completed","cause":"${signal}"`)
    expect(await workplace.worker('worker')).toMatchObject(offline)
    expect(await command.exit).toBe(0)
  })

  it('has its worker drain and tell the backend when the supervisor is killed', async () => {
    const running = await workplace.nextRun()
    const command = start()
    await workplace.untilWorker('worker', running)
    command.child.kill('SIGKILL')
    await untilGone(command)
    expect(await workplace.worker('worker')).toMatchObject(offline)
  })

  it('ends at once, exit 0, when told to stop before there is a worker', async () => {
    const command = start()
    await untilPrinted(command, 'backend.ready')
    command.child.kill('SIGTERM')
    expect(await command.exit).toBe(0)
    await untilGone(command)
  })
})
