import { api, internal } from '@rollcall/backend/api'
import { ConvexHttpClient } from 'convex/browser'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { findBackend } from '../../src/backend/BackendRecord'
import { fetchFleet } from '../../src/status/fetchFleet'
import { PATIENCE, untilGone, untilPrinted, useWorkplace, type Command } from './Workplace'

/** A made-up fleet as somebody has it who works on the page. The tests follow one another. */

/** Low enough for the lost to be seen, high enough that nobody else is lost on a busy machine. Milliseconds. */
const quickTimes = { heartbeatIntervalMs: 1_000, staleThresholdMs: 6_000 }

const workplace = useWorkplace()
let dev: Command
let fleet: Command
let owner: ConvexHttpClient

beforeAll(async () => {
  dev = workplace.rollcall(['dev', '--built'])
  await untilPrinted(dev, 'Stop ')
  const found = await findBackend(workplace.dataDir)
  await found?.api.run(internal.settings.update, quickTimes)
})

afterAll(async () => {
  dev.child.kill('SIGINT')
  await untilGone(dev)
})

const linkIn = (output: string) => /#link=([\w-]+)/.exec(output)?.[1] ?? ''

async function signedIn(link: string): Promise<ConvexHttpClient> {
  const client = new ConvexHttpClient(`http://127.0.0.1:${workplace.port}`, { logger: false })
  const { tokens } = await client.action(api.auth.signIn, { provider: 'link', params: { token: link } })
  client.setAuth(tokens?.token ?? '')
  return client
}

const machines = async () => {
  const paginationOpts = { cursor: null, numItems: 200 }
  return (await owner.query(api.machines.list, { paginationOpts })).page
}

const workers = async () => {
  const lists = (await machines()).map(({ id }) => owner.query(api.workers.list, { machineId: id }))
  return (await Promise.all(lists)).flat()
}

/** Of a worker; ms since 1970, server time. */
const lastHeard = async (workerId: string) => {
  const found = await findBackend(workplace.dataDir)
  const fleetNow = found && (await fetchFleet(found.api))
  return fleetNow?.machines.flatMap((machine) => machine.workers).find(({ id }) => id === workerId)
    ?.lastHeartbeatAt
}

/** Of each worker the word that the page has for it. */
const words = async () =>
  (await workers()).map(({ status, phase, offline }) =>
    status === 'online' ? phase : (offline?.reason ?? 'none'),
  )

async function run(...args: string[]): Promise<{ exit: unknown; output: string }> {
  const command = workplace.rollcall(['seed', ...args])
  const exit = await command.exit
  await untilGone(command)
  return { exit, output: command.output().trim() }
}

describe('seed', () => {
  it('changes nothing for what it does not understand, exit 2', async () => {
    owner = await signedIn(linkIn(dev.output()))
    expect(await run('--workers', '12', '--machines', '13')).toEqual({
      exit: 2,
      output: '--machines must not be more than --workers: 13 machines, 12 workers.',
    })
    expect(await machines()).toEqual([])
  })

  it('makes a fleet of many statuses, and says how to see it', async () => {
    fleet = workplace.rollcall(['seed', '--workers', '12', '--machines', '3', '--seed', '7'])
    await untilPrinted(fleet, 'Stop ')
    expect(await machines()).toHaveLength(3)
    expect(await workers()).toHaveLength(12)
    expect(await words()).toEqual(
      expect.arrayContaining(['ready', 'busy', 'draining', 'shutdown', 'crashed']),
    )
    expect((await workers()).some(({ unstable }) => unstable)).toBe(true)
    await expect(signedIn(linkIn(fleet.output()))).resolves.toBeDefined()
  })

  it('keeps it alive, but for the one that fell silent: that is lost', async () => {
    const isWell = ({ phase }: { phase?: string }) => phase === 'ready' || phase === 'busy'
    const alive = (await workers()).filter(isWell).map(({ id }) => id)
    expect(alive.length).toBeGreaterThan(2)
    await vi.waitFor(async () => expect(await words()).toContain('stale'), PATIENCE)
    const lost = (await workers()).filter(({ offline }) => offline?.reason === 'stale')
    expect(lost).toHaveLength(1)
    const lostAt = lost[0]?.statusChangedAt ?? 0
    const others = alive.filter((id) => id !== lost[0]?.id)
    await vi.waitFor(async () => {
      for (const workerId of others) expect((await lastHeard(workerId)) ?? 0).toBeGreaterThan(lostAt)
    }, PATIENCE)
  })

  it('answers whoever talks to it', async () => {
    const ready = (await workers()).find(({ phase }) => phase === 'ready')
    if (ready === undefined) throw new Error('somebody is ready')
    const sessionId = await owner.mutation(api.chat.startSession, { workerId: ready.id })
    await owner.mutation(api.chat.sendMessage, { sessionId, text: 'Who are you?' })
    const paginationOpts = { cursor: null, numItems: 1 }
    await vi.waitFor(async () => {
      const { page } = await owner.query(api.chat.listMessages, { sessionId, paginationOpts })
      const text = expect.stringContaining('seeded fleet') as string
      expect(page).toMatchObject([{ status: 'completed', text }])
    }, PATIENCE)
  })

  it('has a second one refused while it runs, exit 2', async () => {
    const { exit, output } = await run('--remove')
    expect(output).toBe(`A seeded fleet is running already (pid ${fleet.pid}). Stop it first.`)
    expect(exit).toBe(2)
  })

  it('says goodbye on Ctrl+C: nobody is shown as online any more', async () => {
    fleet.child.kill('SIGINT')
    expect(await fleet.exit).toBe(0)
    expect((await workers()).filter(({ status }) => status === 'online')).toEqual([])
    expect((await machines()).map(({ status }) => status)).toEqual(['offline', 'offline', 'offline'])
    expect((await workers()).some(({ offline }) => offline?.evidence.cause === 'SIGINT')).toBe(true)
    expect(fleet.output()).toContain('Stopped: 12 workers are offline.')
    await untilGone(fleet)
  })

  it('removes what it has made, and nothing else', async () => {
    await owner.mutation(api.machines.create, { name: 'not of the fleet' })
    expect(await run('--remove')).toEqual({ exit: 0, output: 'Removed the seeded fleet: 3 machines.' })
    expect((await machines()).map(({ name }) => name)).toEqual(['not of the fleet'])
    expect(await run('--remove')).toEqual({ exit: 0, output: 'There is no seeded fleet.' })
  })

  it('without a backend says how to start one, exit 1', async () => {
    dev.child.kill('SIGINT')
    await untilGone(dev)
    const { exit, output } = await run('--workers', '3')
    expect(output).toMatch(/^No backend runs on .*`pnpm start` or `pnpm dev`\.$/)
    expect(exit).toBe(1)
  })
})
