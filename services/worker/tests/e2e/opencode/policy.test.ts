import { isEverythingAsked } from '@rollcall/backend/isEverythingAsked'
import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Policy } from '@rollcall/backend/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Opencode } from '../../../src/infrastructure/opencode'
import { createSandbox, marked, startOpencode, type Sandbox } from './setup'

/** What a real opencode does and does not do under each policy: what counts is what is on the disk afterwards. */
let sandbox: Sandbox
let opencode: Opencode
let files = 0

const mcp = fileURLToPath(new URL('../programs/touchingMcp.js', import.meta.url))

beforeAll(async () => {
  sandbox = await createSandbox()
  const config = {
    ...sandbox.options.config,
    // What the owner has set up on the machine.
    permission: { bash: { 'touch own-rule*': 'deny' } },
    mcp: { touching: { type: 'local', command: [process.execPath, mcp] } },
  }
  opencode = await startOpencode({ ...sandbox.options, config })
  await writeFile(path('kept.txt'), 'the secret of the file')
})
afterAll(async () => {
  await opencode.stop()
  expect(marked(sandbox.options.marker)).toEqual([])
  await sandbox.remove()
})

const path = (name: string) => join(sandbox.options.directory, name)
const call = (tool: string, input: object) => `call: ${tool} ${JSON.stringify(input)}`
const openSession = async () => (await opencode.createSession({ title: 'A test' })).id

/** Asks for something and gives this reply to whatever opencode asks. The answer must come to its own end. */
async function ask(
  sessionId: string,
  policy: Policy | undefined,
  text: string,
  reply: 'once' | 'always' | 'reject' = 'reject',
): Promise<{ said: string; asked: string[] }> {
  const asked: string[] = []
  let said = ''
  const outcome = await opencode.prompt({
    ...{ sessionId, policy, text, model: 'scripted/tool', signal: AbortSignal.timeout(30_000) },
    onText: (delta) => (said += delta),
    onRequest: ({ key, what }) => {
      asked.push(what.kind === 'permission' ? what.permission : what.kind)
      void opencode.reply(key, { kind: reply })
    },
  })
  expect(outcome, text).toEqual({ kind: 'completed' })
  return { said, asked }
}

/** Each is something that can be seen to have been done: by a new file, or in what was said. */
const attempts = {
  bash: (file: string) => `run: touch ${file}`,
  write: (file: string) => call('write', { filePath: file, content: 'x' }),
  mcp: (file: string) => call('touching_touch', { path: file }),
  /** By a helper, in a session of its own. */
  task: (file: string) =>
    call('task', { description: 'touch', prompt: `run: touch ${file}`, subagent_type: 'general' }),
  read: () => call('read', { filePath: path('kept.txt') }),
  outside: () => call('read', { filePath: join(sandbox.home, 'outside.txt') }),
}
type Attempt = keyof typeof attempts
const seen: Partial<Record<Attempt, string>> = { read: 'the secret of the file', outside: 'far away' }

/** `done` without a question; `asked`: not done, since it was refused; `denied` without a question. */
async function tryIt(sessionId: string, policy: Policy | undefined, attempt: Attempt): Promise<string> {
  const file = path(`made-${(files += 1)}`)
  const { said, asked } = await ask(sessionId, policy, attempts[attempt](file))
  const sign = seen[attempt]
  const isDone = sign === undefined ? existsSync(file) : said.includes(sign)
  if (isDone) expect(asked, attempt).toEqual([])
  return isDone ? 'done' : asked.length > 0 ? 'asked' : 'denied'
}

const table: [name: string, policy: Policy | undefined, Record<Attempt, 'done' | 'asked' | 'denied'>][] = [
  [
    'as set up',
    undefined,
    { bash: 'done', write: 'done', mcp: 'done', task: 'done', read: 'done', outside: 'asked' },
  ],
  [
    'ask',
    'ask',
    { bash: 'asked', write: 'asked', mcp: 'asked', task: 'denied', read: 'done', outside: 'asked' },
  ],
  [
    'allow',
    'allow',
    { bash: 'done', write: 'done', mcp: 'done', task: 'done', read: 'done', outside: 'asked' },
  ],
  [
    'read only',
    'readOnly',
    { bash: 'denied', write: 'denied', mcp: 'denied', task: 'denied', read: 'done', outside: 'denied' },
  ],
]

describe('a policy', () => {
  // Each has an opencode of its own.
  it.concurrent.each(isEverythingAsked ? table : table.slice(-1))(
    '%s: what is done, asked and denied',
    async (_name, policy, expected) => {
      await writeFile(join(sandbox.home, 'outside.txt'), 'far away')
      const sessionId = await openSession()
      const found: Partial<Record<Attempt, string>> = {}
      for (const attempt of Object.keys(attempts) as Attempt[]) {
        found[attempt] = await tryIt(sessionId, policy, attempt)
      }
      expect(found).toEqual(expected)
    },
  )

  it('ask: does what a person allows', async () => {
    const sessionId = await openSession()
    const edit = call('edit', { filePath: path('edited.txt'), oldString: 'old', newString: 'new' })
    await writeFile(path('edited.txt'), 'old')
    await ask(sessionId, 'ask', call('read', { filePath: path('edited.txt') }))
    await ask(sessionId, 'ask', edit)
    expect(readFileSync(path('edited.txt'), 'utf8')).toBe('old')
    expect((await ask(sessionId, 'ask', edit, 'once')).asked).toEqual(['edit'])
    expect(readFileSync(path('edited.txt'), 'utf8')).toBe('new')
  })

  it('read only: asks before the web is read, and before a file with secrets', async () => {
    const sessionId = await openSession()
    await writeFile(path('.env'), 'KEY=1')
    const web = call('webfetch', { url: sandbox.model.url, format: 'text' })
    expect((await ask(sessionId, 'readOnly', web)).asked).toEqual(['webfetch'])
    const secrets = await ask(sessionId, 'readOnly', call('read', { filePath: path('.env') }))
    expect(secrets.asked).toEqual(['read'])
    expect(secrets.said).not.toContain('KEY=1')
  })
})

describe('a change of policy in the middle of a chat', () => {
  it('holds from the next prompt on, in both directions, for helpers as well', async () => {
    const sessionId = await openSession()
    const steps = [
      ['readOnly', 'denied', 'denied'],
      ['allow', 'done', 'done'],
      ['ask', 'asked', 'denied'],
      [undefined, 'done', 'done'],
      ['readOnly', 'denied', 'denied'],
    ] as const
    for (const [policy, bash, task] of steps) {
      expect([policy, await tryIt(sessionId, policy, 'bash')]).toEqual([policy, bash])
      expect([policy, await tryIt(sessionId, policy, 'task')]).toEqual([policy, task])
    }
  })

  it('leads back to the rules of the machine, whole', async () => {
    const sessionId = await openSession()
    const made: boolean[] = []
    for (const policy of [undefined, 'allow', undefined] as const) {
      const file = `own-rule-${(files += 1)}`
      await ask(sessionId, policy, `run: touch ${file}`)
      made.push(existsSync(path(file)))
    }
    expect(made).toEqual([false, true, false])
  })

  it('asks again for what was allowed for the rest of a chat: in another one, and after it has changed', async () => {
    const sessionId = await openSession()
    const outside = call('read', { filePath: join(sandbox.home, 'outside.txt') })
    const asks = async (session: string, policy: Policy, reply: 'always' | 'reject' = 'reject') => {
      const { said, asked } = await ask(session, policy, outside, reply)
      return { isAsked: asked.includes('external_directory'), isRead: said.includes('far away') }
    }
    expect(await asks(sessionId, 'allow', 'always')).toEqual({ isAsked: true, isRead: true })
    expect(await asks(sessionId, 'allow')).toEqual({ isAsked: false, isRead: true })
    expect(await asks(await openSession(), 'allow')).toEqual({ isAsked: true, isRead: false })
    expect(await asks(sessionId, 'readOnly')).toEqual({ isAsked: false, isRead: false })
    expect(await asks(sessionId, 'allow')).toEqual({ isAsked: true, isRead: false })
  })
})
