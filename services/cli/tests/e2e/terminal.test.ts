import { isEverythingAsked } from '@rollcall/backend/isEverythingAsked'
import { execFileSync } from 'node:child_process'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasTmux, Terminal } from './Terminal'
import { untilGone, untilPrinted, useWorkplace, type Command } from './Workplace'

const workplace = useWorkplace()
let dev: Command
let terminal: Terminal
/** For `pnpm start` without npx around it. */
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

beforeEach(() => {
  terminal = new Terminal(workplace)
})

afterEach(() => terminal.dispose())

const offline = { status: 'offline', phase: null, offlineReason: 'shutdown' } as const

/** What people type, `&` added where it runs in the background. */
const start = 'npx --yes pnpm@12 start --demo'

async function expectDrained(cause: string): Promise<void> {
  await terminal.untilIdle()
  expect(terminal.printed().split('Graceful shutdown completed')).toHaveLength(2)
  expect(terminal.printed()).toContain(`"event":"shutdown.completed","cause":"${cause}"`)
  expect(await workplace.worker('worker')).toMatchObject(offline)
}

describe.skipIf(!hasTmux)('start in a terminal', () => {
  it('stops on Ctrl+C', async () => {
    const running = await workplace.nextRun()
    terminal.type(start)
    await workplace.untilWorker('worker', running)
    expect(terminal.printed()).toMatch(/Sign in {2}http:\/\/127\.0\.0\.1:\d+\/sign-in#link=/)
    terminal.press('C-c')
    await expectDrained('SIGINT')
  })

  const kills = [
    ['kill $!', 'launcher-gone'],
    ['kill -9 $!', 'launcher-gone'],
    ['kill -- -$!', 'SIGTERM'],
  ] as const
  it.runIf(isEverythingAsked).each(kills)('%s of npx in the background drains: %s', async (kill, cause) => {
    const running = await workplace.nextRun()
    terminal.type(`${start} &`)
    await workplace.untilWorker('worker', running)
    terminal.type(kill)
    await expectDrained(cause)
  })

  it.runIf(isEverythingAsked).each([
    ['kill $PID', 'SIGTERM'],
    ['kill -HUP $PID', 'SIGHUP'],
    ['kill -9 $PID', 'launcher-gone'],
  ])('%s of pnpm in the background drains: %s', async (kill, cause) => {
    const running = await workplace.nextRun()
    terminal.type(`${pnpm} start --demo &`)
    terminal.type('PID=$!')
    await workplace.untilWorker('worker', running)
    terminal.type(kill)
    await expectDrained(cause)
  })

  it('stops when the terminal is closed', async () => {
    const running = await workplace.nextRun()
    terminal.type(start)
    await workplace.untilWorker('worker', running)
    terminal.close()
    await untilGone(terminal)
    expect(await workplace.worker('worker')).toMatchObject(offline)
  })
})
