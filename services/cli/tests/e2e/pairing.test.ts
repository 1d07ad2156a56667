import { readFileSync, statSync, existsSync, writeFileSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import { api } from '@rollcall/backend/api'
import { errorOf, formatWorkerToken, parseWorkerToken } from '@rollcall/backend/contract'
import type { Id } from '@rollcall/backend/dataModel'
import { ConvexHttpClient } from 'convex/browser'
import { beforeAll, describe, expect, it } from 'vitest'
import { AdminApi } from '../../src/backend/AdminApi'
import { hasTmux, Terminal } from './Terminal'
import { processesMarked, untilGone, untilPrinted, useWorkplace, type Command } from './Workplace'

/** The steps of one story, in their order: a deployment, and a computer with its own folder for tokens. */
const workplace = useWorkplace()
const online = { status: 'online', phase: 'ready', approval: 'approved' } as const

let dev: Command
let url: string
let configDir: string
let ada: ConvexHttpClient
let worker: Command

beforeAll(async () => {
  configDir = join(workplace.dataDir, 'config')
  url = `http://127.0.0.1:${workplace.port}`
  dev = workplace.rollcall(['dev', '--built'])
  await untilPrinted(dev, 'Stop ')
  ada = await signedInBy(dev.output())
})

const anybody = () => new ConvexHttpClient(url, { logger: false })

async function signedInBy(output: string): Promise<ConvexHttpClient> {
  const token = /#link=([\w-]+)/.exec(output)?.[1] ?? ''
  return await signIn('link', { token })
}

async function signIn(provider: string, params: Record<string, string>): Promise<ConvexHttpClient> {
  const { tokens } = await anybody().action(api.auth.signIn, { provider, params })
  const client = anybody()
  client.setAuth(tokens?.token ?? '')
  return client
}

const start = (env: Record<string, string> = {}, flags = ['--demo']) =>
  workplace.rollcall(['start', ...flags], {
    env: { CONVEX_URL: url, ROLLCALL_CONFIG_DIR: configDir, LOG_LEVEL: 'trace', ...env },
  })

async function codeOf(command: Command): Promise<string> {
  await untilPrinted(command, '#code=')
  return /\/pair#code=([A-Z]{4}-[A-Z]{4})\n/.exec(command.output())?.[1] ?? ''
}

const approve = (person: ConvexHttpClient, code: string, workerName: string, newMachine = 'laptop') =>
  person.action(api.pairing.approve, { code, place: { newMachine }, workerName })

const tokenFile = (name: string) => join(configDir, `127.0.0.1_${workplace.port}`, name, 'token.json')

const keptToken = (name: string) => {
  const { token } = JSON.parse(readFileSync(tokenFile(name), 'utf8')) as { token: string }
  const parts = parseWorkerToken(token)
  if (parts === undefined) throw new Error('a token is kept')
  return parts
}

describe('start with CONVEX_URL and no token', () => {
  it('shows a code, and whose computer this is, and runs once somebody has let it join', async () => {
    worker = start()
    const code = await codeOf(worker)
    expect(worker.output()).toContain(`Open   ${url}/pair#code=${code}\n`)
    expect(worker.output()).toContain(`Code   ${code}   (valid for 10 minutes)\n`)
    const me = `${userInfo().username}@${hostname()}`
    expect(worker.output()).toContain(`Check that the page shows this computer: ${me}\n`)
    expect(worker.output()).not.toContain('▀')
    expect(await ada.action(api.pairing.look, { code })).toMatchObject({
      host: {
        hostname: hostname(),
        user: userInfo().username,
        directory: join(workplace.dataDir, 'demo', 'work'),
        workerName: 'worker',
      },
    })
    await approve(ada, code, 'web')
    await untilPrinted(worker, 'Approved by owner@localhost: web on laptop\n')
    await workplace.untilWorker('web', { ...online, epoch: 1 })
  })

  it('keeps its token to its owner, and out of process lists and logs', () => {
    expect(statSync(tokenFile('worker')).mode & 0o777).toBe(0o600)
    for (const folder of ['.', '..', '../..']) {
      expect(statSync(join(tokenFile('worker'), '..', folder)).mode & 0o777).toBe(0o700)
    }
    const { secret } = keptToken('worker')
    expect(worker.output()).not.toContain(secret)
    const commands = processesMarked(worker.mark).map(({ command }) => command)
    expect(commands.length).toBeGreaterThan(1)
    expect(commands.join()).not.toContain(secret)
  })

  it('joins as another worker while the first one runs; one of two who approve at once lets it in', async () => {
    const { token: invitation } = await ada.action(api.invitations.create, {})
    const account = { email: 'bob@example.com', password: 'correct horse battery' }
    const bob = await signIn('password', { ...account, flow: 'signUp', invitation })
    const second = start()
    const code = await codeOf(second)
    expect((await bob.action(api.pairing.look, { code })).host.workerName).toBe('worker-2')
    const both = await Promise.allSettled([
      approve(ada, code, 'shared', 'studio'),
      approve(bob, code, 'shared', 'studio'),
    ])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    const [lost] = both.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []))
    expect(errorOf(lost)?.code).toBe('PAIRING_CODE_INVALID')
    await workplace.untilWorker('shared', { ...online, epoch: 1 })
    expect(keptToken('worker-2').secret).not.toBe(keptToken('worker').secret)
    second.child.kill('SIGINT')
    expect(await second.exit).toBe(0)
    await untilGone(second)
  })

  it('uses the token that it was given when it is started again', async () => {
    worker.child.kill('SIGINT')
    expect(await worker.exit).toBe(0)
    await untilGone(worker)
    worker = start()
    await workplace.untilWorker('web', { ...online, epoch: 2 })
    expect(worker.output()).not.toContain('/pair')
    expect(worker.output()).toContain(`Worker   web of ${url}\n`)
  })

  it('refuses the name of one that runs, exit 2', async () => {
    const same = start({ WORKER_NAME: 'worker' })
    expect(await same.exit).toBe(2)
    expect(same.output()).toMatch(/^WORKER_NAME: .*"worker".*pid \d+/m)
    await untilGone(same)
  })

  it('is told by whom it was turned away, exit 1', async () => {
    const unwanted = start({ WORKER_NAME: 'unwanted' })
    await ada.action(api.pairing.deny, { code: await codeOf(unwanted) })
    expect(await unwanted.exit).toBe(1)
    expect(unwanted.output()).toMatch(/^owner@localhost turned this worker away\.$/m)
    expect(existsSync(tokenFile('unwanted'))).toBe(false)
    await untilGone(unwanted)
  })

  it('removes its token when it is revoked, exit 4', async () => {
    await ada.mutation(api.workerAccess.revoke, { workerId: keptToken('worker').workerId as Id<'workers'> })
    expect(await worker.exit).toBe(4)
    expect(worker.output()).toContain('Its token is not valid any more and was removed')
    expect(existsSync(tokenFile('worker'))).toBe(false)
    await untilGone(worker)
  })

  it('keeps its token when something else is wrong, and removes one that the backend does not take', async () => {
    const broken = start({ OPENCODE_CONFIG_CONTENT: 'no JSON' }, [])
    expect(await broken.exit).toBe(2)
    expect(broken.output()).toContain('OPENCODE_CONFIG_CONTENT')
    expect(broken.output()).not.toContain('was removed')
    await untilGone(broken)
    const token = formatWorkerToken({ ...keptToken('worker-2'), secret: 'x'.repeat(43) })
    writeFileSync(tokenFile('worker-2'), JSON.stringify({ name: 'shared', token }))
    const wrong = start()
    expect(await wrong.exit).toBe(2)
    expect(wrong.output()).toContain('Its token is not valid any more and was removed')
    expect(existsSync(tokenFile('worker-2'))).toBe(false)
    await untilGone(wrong)
  })

  it.runIf(hasTmux)(
    'shows the link as a QR code in a terminal, and stops on Ctrl+C while it waits',
    async () => {
      const terminal = new Terminal(workplace)
      try {
        terminal.type(
          `CONVEX_URL=${url} ROLLCALL_CONFIG_DIR=${configDir} node services/cli/dist/index.js start; echo "ended with $?"`,
        )
        await terminal.untilPrinted(/█▀/)
        terminal.press('C-c')
        await terminal.untilPrinted(/Stopped before it was ready\n.*ended with 0/)
        await terminal.untilIdle()
      } finally {
        terminal.close()
      }
    },
  )
})

describe('login-link', () => {
  const linkFor = async (args: string[] = [], env: Record<string, string> = {}) => {
    const command = workplace.rollcall(['login-link', ...args], { env })
    const exit = await command.exit
    await untilGone(command)
    return { exit, output: command.output() }
  }

  const me = async (output: string) => await (await signedInBy(output)).query(api.users.me, {})

  it('signs in the local owner, or whom it names', async () => {
    const own = await linkFor()
    expect(own.exit).toBe(0)
    expect(await me(own.output)).toMatchObject({ email: 'owner@localhost' })
    const bobs = await linkFor(['--email', 'Bob@example.com'])
    expect(bobs.output).toMatch(
      new RegExp(`Sign in {2}${url}/sign-in#link=[\\w-]{43} .*\n.*bob@example.com\n`),
    )
    expect(await me(bobs.output)).toMatchObject({ email: 'bob@example.com' })
  })

  it('signs in the first administrator of a deployment, and needs to know where its page is', async () => {
    const key = readFileSync(join(workplace.dataDir, 'admin-key'), 'utf8').trim()
    const env = { CONVEX_URL: url, CONVEX_DEPLOY_KEY: key }
    expect(await me((await linkFor([], env)).output)).toMatchObject({ email: 'owner@localhost' })
    await new AdminApi(url, key).setEnvironment({ SITE_URL: '' })
    const { exit, output } = await linkFor([], env)
    expect(output).toMatch(/^SITE_URL is not set .*\n$/)
    expect(exit).toBe(2)
    await new AdminApi(url, key).setEnvironment({ SITE_URL: url })
  })

  it('says in one line that nobody has that email, exit 2', async () => {
    const { exit, output } = await linkFor(['--email', 'nobody@example.com'])
    expect(output).toBe('Nobody here has the email nobody@example.com.\n')
    expect(exit).toBe(2)
  })
})

describe('a deployment that goes away', () => {
  it('is waited for, which is said once, and a code is shown when it is back', async () => {
    dev.child.kill('SIGTERM')
    expect(await dev.exit).toBe(0)
    await untilGone(dev)
    const waiting = start()
    await untilPrinted(waiting, 'cannot be reached (ECONNREFUSED)')
    const next = workplace.rollcall(['dev', '--built'])
    await codeOf(waiting)
    expect(waiting.output().match(/cannot be reached/g)).toHaveLength(1)
    waiting.child.kill('SIGINT')
    expect(await waiting.exit).toBe(0)
    expect(waiting.output()).toMatch(/Stopped before it was ready\n$/)
    await untilGone(waiting)
    next.child.kill('SIGTERM')
    expect(await next.exit).toBe(0)
    await untilGone(next)
  })
})
