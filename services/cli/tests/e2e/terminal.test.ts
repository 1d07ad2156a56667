import { execFileSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasTmux, Terminal } from './Terminal'
import { untilGone, untilPrinted, useWorkplace, type Command } from './Workplace'

const workplace = useWorkplace()
let dev: Command
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

const offline = { status: 'offline', phase: null, offlineReason: 'shutdown' } as const

/** What people type, `&` added where it runs in the background. */
const start = 'npx --yes pnpm@12 start --demo'

/** Types `commands` into a terminal of its own, waits for the worker that they start, and does `act`. */
async function inTerminal(
  name: string,
  commands: (named: string) => string[],
  act: (terminal: Terminal) => Promise<void>,
): Promise<void> {
  const terminal = new Terminal(workplace)
  try {
    for (const command of commands(`WORKER_NAME='${name}'`)) terminal.type(command)
    await workplace.untilWorker(name, { status: 'online', phase: 'ready' })
    await act(terminal)
    expect(await workplace.worker(name)).toMatchObject(offline)
  } finally {
    terminal.close()
    await untilGone(terminal)
  }
}

async function expectDrained(terminal: Terminal, cause: string): Promise<void> {
  await terminal.untilIdle()
  expect(terminal.printed().split('Graceful shutdown completed')).toHaveLength(2)
  expect(terminal.printed()).toContain(`"event":"shutdown.completed","cause":"${cause}"`)
}

describe.skipIf(!hasTmux).concurrent('start in a terminal', () => {
  it('stops on Ctrl+C', async () => {
    await inTerminal(
      'Ctrl+C',
      (named) => [`${named} ${start}`],
      async (terminal) => {
        expect(terminal.printed()).toMatch(/Sign in {2}http:\/\/127\.0\.0\.1:\d+\/sign-in#link=/)
        terminal.press('C-c')
        await expectDrained(terminal, 'SIGINT')
      },
    )
  })

  it.each([
    ['kill $!', 'launcher-gone'],
    ['kill -9 $!', 'launcher-gone'],
    ['kill -- -$!', 'SIGTERM'],
  ])('%s of npx in the background drains: %s', async (kill, cause) => {
    await inTerminal(
      `npx ${kill}`,
      (named) => [`${named} ${start} &`],
      async (terminal) => {
        terminal.type(kill)
        await expectDrained(terminal, cause)
      },
    )
  })

  it.each([
    ['kill $PID', 'SIGTERM'],
    ['kill -HUP $PID', 'SIGHUP'],
    ['kill -9 $PID', 'launcher-gone'],
  ])('%s of pnpm in the background drains: %s', async (kill, cause) => {
    await inTerminal(
      `pnpm ${kill}`,
      (named) => [`${named} ${pnpm} start --demo &`, 'PID=$!'],
      async (terminal) => {
        terminal.type(kill)
        await expectDrained(terminal, cause)
      },
    )
  })

  it('stops when the terminal is closed', async () => {
    await inTerminal(
      'closed',
      (named) => [`${named} ${start}`],
      async (terminal) => {
        terminal.close()
        await untilGone(terminal)
      },
    )
  })
})
