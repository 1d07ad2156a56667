import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConvexHttpClient } from 'convex/browser'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import type { EmbeddedBackend } from '../../src'
import { api } from '../protocol/api'
import { startTestBackend, temporaryDir } from '../protocol/startTestBackend'

const convexCli = join(import.meta.dirname, '../../node_modules/convex/bin/main.js')

let backend: EmbeddedBackend
let project: string

beforeEach(async () => {
  backend = await startTestBackend({ env: { GREETING: 'hello' } })
  project = await temporaryDir()
  await mkdir(join(project, 'convex'))
  await writeFile(join(project, 'package.json'), '{"dependencies":{"convex":"*"}}')
})

/** Each start of the official CLI takes seconds: these are for `pnpm test:all`. */
const atLength = test.runIf(process.env.ROLLCALL_TESTS === 'all')

interface Ran {
  stdout: string
  stderr: string
  code: number | null
}

interface Given {
  adminKey?: string
  /** Instead of `--url` and `--admin-key`. */
  env?: Record<string, string>
}

/** `npx convex …` as a person would type it in the project's folder. */
function convex(args: string[], { adminKey = backend.adminKey, env }: Given = {}) {
  const flags = env ? [] : ['--url', backend.url, '--admin-key', adminKey]
  const child = spawn(process.execPath, [convexCli, ...args, ...flags], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: project, CI: '1', NO_COLOR: '1', ...env },
  })
  const ran: Ran = { stdout: '', stderr: '', code: null }
  child.stdout.on('data', (data: Buffer) => void (ran.stdout += data.toString()))
  child.stderr.on('data', (data: Buffer) => void (ran.stderr += data.toString()))
  const done = new Promise<Ran>((resolve) =>
    child.once('close', (code) => {
      ran.code = code
      resolve(ran)
    }),
  )
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await done
  })
  return { child, ran, done }
}

test('convex run calls public and internal functions, with arguments and as a user', async () => {
  const sent = await convex(['run', 'messages:send', '{"room":"a","text":"x"}']).done
  expect(sent).toMatchObject({ code: 0, stdout: '"X"\n' })
  const user = '{"subject":"ada","issuer":"https://i.test"}'
  const who = await convex(['run', 'users:whoAmI', '--identity', user]).done
  expect(JSON.parse(who.stdout)).toMatchObject({ subject: 'ada' })
  expect(await convex(['run', 'messages:purge']).done).toMatchObject({ code: 0, stdout: '1\n' })
})

atLength('convex run of an unknown function lists those that exist; an error is shown', async () => {
  const unknown = await convex(['run', 'messages:nothing']).done
  expect(unknown.code).toBe(1)
  expect(unknown.stderr).toContain('messages:purge')
  const failed = await convex(['run', 'messages:send', '{"room":"a","text":"bug"}']).done
  expect(failed.code).toBe(1)
  expect(failed.stderr).toContain('an ordinary error')
})

test('convex run --watch follows what a query answers', async () => {
  const { child, ran, done } = convex(['run', 'messages:list', '{"room":"a"}', '--watch'])
  await vi.waitFor(() => expect(ran.stdout).toContain('[]'), 10_000)
  const client = new ConvexHttpClient(backend.url, { logger: false })
  await client.mutation(api.send, { room: 'a', text: 'seen at once' })
  await vi.waitFor(() => expect(ran.stdout).toContain('seen at once'), 10_000)
  child.kill('SIGTERM')
  await done
})

test('what is not served is said at once, and not tried for ever', async () => {
  const commands = [
    ['run', '--inline-query', '1'],
    ['export', '--path', join(project, 'all.zip')],
  ]
  for (const ran of await Promise.all(commands.map((args) => convex(args).done))) {
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('NotServed') as string })
  }
})

test('convex data lists tables and documents', async () => {
  const client = new ConvexHttpClient(backend.url, { logger: false })
  for (const text of ['one', 'two', 'three']) await client.mutation(api.send, { room: 'a', text })
  const tables = await convex(['data']).done
  expect(tables.stdout.trim().split('\n')).toEqual(expect.arrayContaining(['counters', 'messages']))
  const rows = await convex(['data', 'messages', '--limit', '2', '--format', 'jsonl']).done
  const texts = rows.stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { text: string }).text)
  expect(texts).toEqual(['three', 'two'])
})

atLength('convex env sets, gets, lists and removes', async () => {
  expect(await convex(['env', 'set', 'COLOR', 'blue']).done).toMatchObject({ code: 0 })
  expect((await convex(['env', 'get', 'COLOR']).done).stdout).toBe('blue\n')
  const list = await convex(['env', 'list', '--include-values']).done
  expect(list.stdout.trim().split('\n').sort()).toEqual(['COLOR=blue', 'GREETING=hello'])
  expect(await convex(['env', 'remove', 'COLOR']).done).toMatchObject({ code: 0 })
  expect((await convex(['env', 'list', '--include-values']).done).stdout.trim()).toBe('GREETING=hello')
})

test('convex function-spec describes every function, with address and key from the environment', async () => {
  const env = { CONVEX_SELF_HOSTED_URL: backend.url, CONVEX_SELF_HOSTED_ADMIN_KEY: backend.adminKey }
  const { stdout } = await convex(['function-spec'], { env }).done
  const spec = JSON.parse(stdout) as { url: string; functions: { identifier?: string }[] }
  expect(spec.url).toBe(backend.url)
  expect(spec.functions).toContainEqual(
    expect.objectContaining({
      identifier: 'messages.js:purge',
      functionType: 'Mutation',
      visibility: { kind: 'internal' },
    }),
  )
})

test('convex logs shows what functions print, as it happens', async () => {
  const { ran } = convex(['logs', '--success'])
  await vi.waitFor(() => expect(ran.stderr).toContain('Watching logs'), 10_000)
  const client = new ConvexHttpClient(backend.url, { logger: false })
  // The first poll is for history, and the CLI does not say when it has happened.
  await vi.waitFor(
    async () => {
      await client.mutation(api.send, { room: 'a', text: 'x' })
      expect(ran.stdout).toMatch(/messages(\.js)?:send\).*sent/)
    },
    { timeout: 15_000, interval: 250 },
  )
})

atLength('convex dev is told that nothing can be pushed, and does not try for ever', async () => {
  const { code, stderr } = await convex(['dev', '--once', '--typecheck', 'disable', '--codegen', 'disable'])
    .done
  expect(code).toBe(1)
  expect(stderr).toContain('PushNotSupported')
})

atLength('a wrong admin key opens nothing', async () => {
  const run = await convex(['run', 'messages:purge'], { adminKey: 'wrong' }).done
  expect(run.code).toBe(1)
  expect(run.stderr).toContain('BadAdminKey')
  const env = await convex(['env', 'list', '--include-values'], { adminKey: 'wrong' }).done
  expect(env.code).toBe(1)
  expect(env.stdout).not.toContain('GREETING')
})
