import { api } from '@rollcall/backend/api'
import { errorOf } from '@rollcall/backend/contract'
import { ConvexHttpClient } from 'convex/browser'
import { beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { readAdminKey } from '../../src/backend/BackendRecord'
import type { Diagnosis } from '../../src/doctor/Finding'
import { type Command, untilGone, untilPrinted, useWorkplace } from './Workplace'

const workplace = useWorkplace()
let dev: Command
let url: string

beforeAll(async () => {
  dev = workplace.rollcall(['dev'])
  url = `http://127.0.0.1:${workplace.port}`
  await untilPrinted(dev, 'Stop ')
})

const linkIn = (output: string) => /#link=([\w-]+)/.exec(output)?.[1] ?? ''

describe('dev', () => {
  it('serves the page from its sources, reloading through the same port', async () => {
    const page = await (await fetch(`${url}/`)).text()
    expect(page).toContain('/@vite/client')
    const client = await (await fetch(`${url}/@vite/client`)).text()
    const token = /wsToken = "([^"]+)"/.exec(client)?.[1] ?? ''
    const socket = new WebSocket(`${url.replace('http', 'ws')}/?token=${token}`, 'vite-hmr')
    const first = await new Promise<string>((resolve, reject) => {
      socket.once('message', (data: Buffer) => resolve(data.toString()))
      socket.once('error', reject)
    })
    socket.close()
    expect(JSON.parse(first)).toEqual({ type: 'connected' })
  })

  it('prints a link that signs in, once', async () => {
    const client = new ConvexHttpClient(url)
    const signIn = { provider: 'link', params: { token: linkIn(dev.output()) } }
    const signedIn = await client.action(api.auth.signIn, signIn)
    expect(signedIn.tokens?.token).toEqual(expect.any(String))
    client.setAuth(signedIn.tokens?.token ?? '')
    await expect(
      client.query(api.machines.list, { paginationOpts: { cursor: null, numItems: 1 } }),
    ).resolves.toBeDefined()
    const again = await new ConvexHttpClient(url).action(api.auth.signIn, signIn).catch(errorOf)
    expect(again).toMatchObject({ code: 'SIGN_IN_LINK_INVALID' })
  })

  it('has a second dev on the same folder refused', async () => {
    const second = workplace.rollcall(['dev'])
    expect(await second.exit).toBe(2)
    expect(second.output()).toContain(`already runs on ${workplace.dataDir}`)
    await untilGone(second)
  })

  it('is found well by doctor, and a token of the wrong form is not', async () => {
    const examine = async (env: Record<string, string> = {}) => {
      const doctor = workplace.rollcall(['doctor', '--json'], { env })
      const exit = await doctor.exit
      await untilGone(doctor)
      return { exit, ...(JSON.parse(doctor.output()) as Diagnosis) }
    }
    // One look at the real opencode is enough: it takes a second of processor time to tell its version.
    const mistaken = { WORKER_TOKEN: 'secret_hush', OPENCODE_BIN: '/bin/echo' }
    const [well, wrong] = await Promise.all([examine(), examine(mistaken)])
    expect(well).toMatchObject({ exit: 0, ok: true })
    expect(well.findings.find(({ check }) => check === 'backend')).toMatchObject({
      state: 'ok',
      message: expect.stringContaining(url) as string,
    })
    expect(wrong).toMatchObject({ exit: 1, ok: false })
    expect(wrong.findings.filter(({ state }) => state === 'problem')).toMatchObject([{ check: 'token' }])
    expect(JSON.stringify(wrong)).not.toContain('hush')
  })

  it('is asked by the official CLI, which is told what it cannot do there', async () => {
    const ask = async (...args: string[]) => {
      const command = workplace.rollcall(['convex', ...args])
      const exit = await command.exit
      await untilGone(command)
      return { exit, output: command.output() }
    }
    const [users, deployed] = await Promise.all([ask('data', 'users', '--format', 'jsonl'), ask('deploy')])
    expect(users).toMatchObject({ exit: 0, output: expect.stringContaining('owner@localhost') as string })
    expect(deployed).toMatchObject({
      exit: 2,
      output: expect.stringMatching(/^[^\n]+CONVEX_URL[^\n]+\n$/) as string,
    })
  })

  it('shows what is in the backend beside its page, to the admin key only', async () => {
    const page = await (await fetch(`${url}/_inspect`)).text()
    expect(page).toContain('/_inspect/main.js')
    expect((await fetch(`${url}/_inspect/main.js`)).headers.get('content-type')).toContain('javascript')
    const ask = (key: string) =>
      fetch(`${url}/api/inspect/tables`, { headers: { authorization: `Convex ${key}` } })
    expect((await ask(readAdminKey(workplace.dataDir))).status).toBe(200)
    expect((await ask('wrong')).status).toBe(401)
  })

  it('ends with everything that it started when told to stop', async () => {
    dev.child.kill('SIGINT')
    expect(await dev.exit).toBe(0)
    await untilGone(dev)
    expect(dev.output()).toMatch(/Stopped\n$/)
  })

  it('keeps keys and data: the next one lets the same sign-in go on', async () => {
    const next = workplace.rollcall(['dev', '--built'])
    await untilPrinted(next, 'Stop ')
    expect(await (await fetch(`${url}/`)).text()).not.toContain('/@vite/client')
    next.child.kill('SIGTERM')
    expect(await next.exit).toBe(0)
    await untilGone(next)
  })
})
