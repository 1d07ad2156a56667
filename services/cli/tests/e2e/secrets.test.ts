import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { api } from '@rollcall/backend/api'
import { parseWorkerToken } from '@rollcall/backend/contract'
import { ConvexHttpClient } from 'convex/browser'
import { expect, it, vi } from 'vitest'
import { PATIENCE, processesMarked, untilGone, untilPrinted, useWorkplace, type Command } from './Workplace'

/** A whole run with a chat and crashes, at the most talkative log level; then everything that it left is searched. */

const workplace = useWorkplace()
const ready = { status: 'online', phase: 'ready' } as const

/** Where they belong. */
const homes = ['admin-key', join('workers', 'worker', 'token.json')]

it('no secret is in the database, the logs, the page, the process list or the output of a crash', async () => {
  const command = workplace.rollcall(['start', '--demo'], { env: { LOG_LEVEL: 'trace' } })
  await untilPrinted(command, '#link=')
  await workplace.untilWorker('worker', ready)
  await chat(command)

  const { secret = '' } = parseWorkerToken(keptToken()) ?? {}
  const adminKey = readFileSync(join(workplace.dataDir, 'admin-key'), 'utf8').trim()
  const passwords = [passwordOf(command)]
  const commandLines = processesMarked(command.mark).map(({ command }) => command)

  const next = await workplace.nextRun()
  process.kill(processNamed(command, 'worker/dist'), 'SIGABRT')
  await workplace.untilWorker('worker', next)
  passwords.push(passwordOf(command))
  const page = await pageSource()
  process.kill(command.pid, 'SIGINT')
  expect(await command.exit).toBe(0)
  await untilGone(command)

  const secrets = [secret, adminKey, ...passwords]
  for (const each of secrets) expect(each.length).toBeGreaterThan(20)
  expect(new Set(secrets).size).toBe(4)
  const found = (text: string) => secrets.filter((each) => text.includes(each)).length
  const files = filesIn(workplace.dataDir)
  expect(
    files
      .filter(({ text }) => found(text) > 0)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(homes)
  expect({
    output: found(command.output()),
    page: found(page),
    commandLines: found(commandLines.join('\n')),
  }).toEqual({ output: 0, page: 0, commandLines: 0 })
})

function keptToken(): string {
  const kept = readFileSync(join(workplace.dataDir, homes[1] ?? ''), 'utf8')
  return (JSON.parse(kept) as { token: string }).token
}

/** One answered message, as the owner who signs in by the printed link. */
async function chat(command: Command): Promise<void> {
  const url = `http://127.0.0.1:${workplace.port}`
  const token = /#link=([\w-]+)/.exec(command.output())?.[1] ?? ''
  const owner = new ConvexHttpClient(url, { logger: false })
  const { tokens } = await owner.action(api.auth.signIn, { provider: 'link', params: { token } })
  owner.setAuth(tokens?.token ?? '')
  const firstPage = { numItems: 10, cursor: null }
  const { page } = await owner.query(api.machines.list, { paginationOpts: firstPage })
  const machineId = page[0]?.id
  if (!machineId) throw new Error('a machine is listed')
  const [worker] = await owner.query(api.workers.list, { machineId })
  if (!worker) throw new Error('a worker is listed')
  const workerId = worker.id
  const sessionId = await owner.mutation(api.chat.startSession, { workerId })
  await owner.mutation(api.chat.sendMessage, { sessionId, text: 'Please count the sheep' })
  await vi.waitFor(async () => {
    const messages = await owner.query(api.chat.listMessages, { sessionId, paginationOpts: firstPage })
    expect(messages.page[0]).toMatchObject({ role: 'assistant', status: 'completed' })
  }, PATIENCE)
}

/** Of the opencode that runs: handed over in its environment. */
function passwordOf({ mark }: Command): string {
  const found = processesMarked(mark).map(
    ({ pid }) =>
      /(?:^|\0)OPENCODE_SERVER_PASSWORD=([^\0]+)/.exec(readFileSync(`/proc/${pid}/environ`, 'utf8'))?.[1],
  )
  const password = found.find((each) => each !== undefined)
  if (password === undefined) throw new Error('no process has the password in its environment')
  return password
}

function processNamed({ mark }: Command, part: string): number {
  const found = processesMarked(mark).find(({ command }) => command.includes(part))
  if (!found) throw new Error(`${part} does not run`)
  return found.pid
}

/** All that a browser is given before anybody signs in. */
async function pageSource(): Promise<string> {
  const url = `http://127.0.0.1:${workplace.port}`
  const html = await (await fetch(url)).text()
  const assets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => new URL(path, url))
  expect(assets.length).toBeGreaterThan(1)
  return [html, ...(await Promise.all(assets.map(async (asset) => (await fetch(asset)).text())))].join('\n')
}

function filesIn(folder: string): { name: string; text: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: relative(folder, path), text: readFileSync(path, 'latin1') }))
}
