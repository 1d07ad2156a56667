import { statSync } from 'node:fs'
import { join } from 'node:path'
import { defaultSettings } from '@rollcall/backend/contract'
import { describe, expect, it } from 'vitest'
import { readBackendRecord } from '../../src/backend/BackendRecord'
import { type Command, untilGone, untilPrinted, useWorkplace } from './Workplace'

/** The steps of one story, in their order. */
const workplace = useWorkplace()
const online = { status: 'online', phase: 'ready', approval: 'approved' } as const

let first: Command
let second: Command

const start = (env: Record<string, string> = {}) => workplace.rollcall(['start', '--demo'], { env })

const statusOf = async (...flags: string[]) => {
  const command = workplace.rollcall(['status', ...flags])
  return { exit: await command.exit, output: command.output() }
}

describe('start on this machine', () => {
  it('brings backend, page and an approved worker, without a click', async () => {
    first = start()
    await workplace.untilWorker('worker', { ...online, epoch: 1 })
    const url = `http://127.0.0.1:${workplace.port}`
    expect(first.output()).toContain(`Page     ${url}\n`)
    expect(first.output().match(/\/sign-in#link=[\w-]{43} /g)).toHaveLength(1)
    const page = await fetch(`${url}/sign-in`, { headers: { accept: 'text/html' } })
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(await page.text()).toContain('<div id="root">')
  })

  it('keeps secrets to their owner, and out of process lists and logs', () => {
    for (const file of ['admin-key', 'backend.json', 'workers/worker/token.json']) {
      expect(statSync(join(workplace.dataDir, file)).mode & 0o077, file).toBe(0)
    }
    expect(first.output()).not.toContain('secret_')
  })

  it('is what status says, as a table and as the contract’s JSON', async () => {
    const table = await statusOf()
    expect(table.output).toMatch(/1 of 1 online\n {2}● ready +worker /)
    expect(table.exit).toBe(0)
    const json = await statusOf('--json')
    expect(JSON.parse(json.output)).toEqual({
      machines: [
        {
          id: expect.any(String) as string,
          name: expect.any(String) as string,
          status: 'online',
          workers: [
            {
              id: expect.any(String) as string,
              name: 'worker',
              ...online,
              epoch: 1,
              offlineReason: null,
              statusChangedAt: expect.any(Number) as number,
              lastHeartbeatAt: expect.any(Number) as number,
            },
          ],
        },
      ],
    })
  })

  it('Configurable shutdown timeout: shown and changed from the terminal, a running worker follows within a beat', async () => {
    const settings = async (...args: string[]) => {
      const command = workplace.rollcall(['settings', ...args])
      return { exit: await command.exit, output: command.output() }
    }
    expect(JSON.parse((await settings('get', '--json')).output)).toEqual(defaultSettings)
    const refused = await settings('set', 'shutdownTimeoutMs=12s', 'heartbeatIntervalMs=1min')
    expect(refused.output).toMatch(/^staleThresholdMs must be at least twice heartbeatIntervalMs.*\n$/)
    expect(refused.exit).toBe(2)
    const changed = await settings('set', 'shutdownTimeoutMs=12s')
    const from = performance.now()
    expect(changed.output).toMatch(/^shutdownTimeoutMs +12 s {2}\(default: 10 s\)$/m)
    expect(changed.exit).toBe(0)
    await untilPrinted(first, /"event":"worker\.settings".*"shutdownTimeoutMs":12000/)
    expect(performance.now() - from).toBeLessThan(defaultSettings.heartbeatIntervalMs)
  })

  it('refuses the name of a worker that runs, exit 2', async () => {
    const same = start({ WORKER_NAME: 'worker' })
    expect(await same.exit).toBe(2)
    expect(same.output()).toMatch(/^WORKER_NAME: .*"worker".*pid \d+/m)
    await untilGone(same)
  })

  it('is the next free worker on the same backend in another terminal', async () => {
    second = start()
    await workplace.untilWorker('worker-2', { ...online, epoch: 1 })
    expect(await workplace.worker('worker')).toMatchObject(online)
    expect(readBackendRecord(workplace.dataDir)?.url).toBe(`http://127.0.0.1:${workplace.port}`)
  })

  it('is told by status --watch as it happens, heartbeats left out', async () => {
    const watching = workplace.rollcall(['status', '--json', '--watch'])
    await untilPrinted(watching, '\n')
    second.child.kill('SIGTERM')
    await untilPrinted(watching, '"offlineReason":"shutdown"')
    expect(await second.exit).toBe(0)
    expect(second.output()).toContain('Graceful shutdown completed')
    await untilGone(second)
    watching.child.kill('SIGTERM')
    expect(await watching.exit).toBe(0)
    const states = watching.output().trim().split('\n').map(withoutHeartbeats)
    expect(new Set(states).size).toBe(states.length)
  })

  it('has the name free again at once after a kill -9', async () => {
    second = start()
    await workplace.untilWorker('worker-2', { ...online, epoch: 2 })
    second.child.kill('SIGKILL')
    await second.exit
    const next = start({ WORKER_NAME: 'worker-2' })
    await workplace.untilWorker('worker-2', { ...online, epoch: 3 })
    await untilGone(second)
    second = next
  })

  it('takes the backend over when the terminal that had it stops', async () => {
    first.child.kill('SIGTERM')
    expect(await first.exit).toBe(0)
    await untilGone(first)
    await workplace.untilWorker('worker-2', { ...online, epoch: 3 })
    expect(await workplace.worker('worker')).toMatchObject({ status: 'offline', offlineReason: 'shutdown' })
    expect(second.output()).toContain('The backend is back')
  })

  it('starts a backend again that was killed, with all that it knew', async () => {
    const before = readBackendRecord(workplace.dataDir)
    if (before === undefined) throw new Error('No backend is on record')
    process.kill(before.pid, 'SIGKILL')
    await workplace.untilWorker('worker-2', { ...online, epoch: 3 })
    expect(readBackendRecord(workplace.dataDir)).toMatchObject({ url: before.url })
    expect(readBackendRecord(workplace.dataDir)?.pid).not.toBe(before.pid)
  })

  it('keeps its backend for as long as the worker of a killed command drains, and no longer', async () => {
    second.child.kill('SIGKILL')
    await untilGone(second)
    expect(second.output()).toContain('Graceful shutdown completed')
    const afterwards = workplace.rollcall(['dev', '--built'])
    await untilPrinted(afterwards, 'Stop ')
    expect(await workplace.worker('worker-2')).toMatchObject({ status: 'offline', offlineReason: 'shutdown' })
    afterwards.child.kill('SIGTERM')
    expect(await afterwards.exit).toBe(0)
    await untilGone(afterwards)
  })
})

function withoutHeartbeats(line: string): string {
  return line.replaceAll(/"lastHeartbeatAt":\d+/g, '')
}
