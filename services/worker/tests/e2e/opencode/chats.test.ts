import { api } from '@rollcall/backend/api'
import type { Doc, Id } from '@rollcall/backend/dataModel'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Opencode } from '../../../src/infrastructure/opencode'
import { startChats, type Chats } from '../../application/startChats'
import { deadUrl, TestBackend, until } from '../../setup'
import { createSandbox, marked, startOpencode, type Sandbox } from './setup'

/** Answers from a scripted model to the rows in the backend, through everything that a worker has between them. */
let sandbox: Sandbox
let opencode: Opencode
let backend: TestBackend
let worker: Chats

beforeAll(async () => {
  sandbox = await createSandbox()
  backend = await TestBackend.start()
  const permission = { bash: { '*': 'allow', 'forbidden *': 'deny' } }
  const config = await withUnreachable(sandbox.options.config ?? {})
  opencode = await startOpencode({ ...sandbox.options, config: { ...config, permission } })
  worker = await startChats(backend, 'worker', opencode)
})
afterAll(async () => {
  await worker.close()
  await backend.close()
  expect(marked(sandbox.options.marker)).toEqual([])
  await sandbox.remove()
})

/** The configuration with one provider more, at which nobody listens: `unreachable/any`. */
async function withUnreachable(config: Record<string, unknown>): Promise<Record<string, unknown>> {
  const unreachable = {
    name: 'Unreachable',
    npm: '@ai-sdk/openai-compatible',
    options: { baseURL: `${await deadUrl()}/v1`, apiKey: 'none' },
    models: { any: { name: 'any' } },
  }
  const { enabled_providers: enabled, provider } = config as { enabled_providers: string[]; provider: object }
  return {
    ...config,
    enabled_providers: [...enabled, 'unreachable'],
    provider: { ...provider, unreachable },
  }
}

/** The chat's answer once it is in this state. */
async function answered(sessionId: Id<'sessions'>, status: Doc<'messages'>['status'], index = 0) {
  return until(
    `answer ${index} ${status}`,
    () => {
      const row = backend.answers(sessionId)[index]
      return row?.status === status && row
    },
    40_000,
  )
}

function partsOf(answer: Doc<'messages'>): Doc<'parts'>[] {
  return backend.rows('parts').filter(({ messageId }) => messageId === answer._id)
}

it('keeps the reasoning before an answer, and what the answer cost', async () => {
  const answer = await answered(await backend.chat(worker.made, 'scripted/reasoning', 'Well?'), 'completed')
  expect(answer.text).toBe('Having thought about it: yes.')
  const text = 'First I think about the question, then about how to put it.'
  expect(partsOf(answer)).toMatchObject([{ at: 0, what: { kind: 'reasoning', status: 'completed', text } }])
  expect(answer.usage).toMatchObject({ usd: 0, inputTokens: 10, outputTokens: 10 })
})

it('shows reasoning while it goes on', async () => {
  const sessionId = await backend.chat(worker.made, 'scripted/reasoning', 'Well?')
  await until('growing reasoning', () => {
    const answer = backend.answers(sessionId)[0]
    const what = answer && partsOf(answer)[0]?.what
    return what?.kind === 'reasoning' && what.status === 'running' && what.text.startsWith('First')
  })
  await answered(sessionId, 'completed')
})

it('keeps a tool call with what came out, at its place in the text', async () => {
  const prompt = 'say: Let me look 🙂\nrun: echo from-$((40 + 2))'
  const answer = await answered(await backend.chat(worker.made, 'scripted/tool', prompt), 'completed')
  expect(answer.text).toBe('Let me look 🙂\n\nThe command said: from-42')
  const [part, ...others] = partsOf(answer)
  expect(others).toEqual([])
  expect(part).toMatchObject({
    at: 'Let me look 🙂'.length,
    what: { kind: 'tool', tool: 'bash', title: 'echo from-$((40 + 2))', status: 'completed' },
  })
  const what = part?.what.kind === 'tool' ? part.what : undefined
  expect(what?.output.trim()).toBe('from-42')
  expect(JSON.parse(what?.input ?? '')).toMatchObject({ command: 'echo from-$((40 + 2))' })
  // Of two steps.
  expect(answer.usage).toMatchObject({ inputTokens: 20, outputTokens: 20 })
})

it('keeps why a tool failed', async () => {
  const sessionId = await backend.chat(worker.made, 'scripted/tool', 'run: forbidden fruit')
  const [part] = partsOf(await answered(sessionId, 'completed'))
  const output = expect.stringContaining('rule which prevents') as string
  expect(part?.what).toMatchObject({ status: 'failed', tool: 'bash', output })
})

it('tells that the model is asked again before it tells that this was in vain', async () => {
  const sessionId = await backend.chat(worker.made, 'scripted/e429', 'Hello?')
  const retry = await until('a retry', () => backend.answers(sessionId)[0]?.modelRetry)
  expect(retry.attempt).toBeGreaterThan(0)
  expect(retry.message).toMatch(/rate limit/i)
  expect(Math.abs(retry.at - Date.now())).toBeLessThan(60_000)
  const answer = await answered(sessionId, 'failed')
  expect(answer.cause).toMatch(/Rate limited .*\(429\)/)
  expect(answer).not.toHaveProperty('modelRetry')
  expect(answer).not.toHaveProperty('usage')
})

it('tells that the model cannot be reached, while it is tried again, and can be stopped then', async () => {
  const sessionId = await backend.chat(worker.made, 'unreachable/any', 'Hello?')
  const retry = await until('a retry', () => backend.answers(sessionId)[0]?.modelRetry)
  expect(retry.message).toMatch(/connect/i)
  const answer = backend.answers(sessionId)[0]
  if (!answer) throw new Error('an answer')
  await (await backend.owner()).mutation(api.chat.stop, { messageId: answer._id })
  expect(await answered(sessionId, 'interrupted')).toMatchObject({ cause: 'Stopped.', text: '' })
})

it('stops in the middle of an answer and goes on with the next one', async () => {
  const sessionId = await backend.chat(worker.made, 'scripted/slow', 'Take your time.')
  const running = await until('some text', () => {
    const answer = backend.answers(sessionId)[0]
    return answer?.text.includes('word3') && answer
  })
  const owner = await backend.owner()
  const askedAt = Date.now()
  await owner.mutation(api.chat.stop, { messageId: running._id })
  const stopped = await answered(sessionId, 'interrupted')
  const tookMs = (stopped.finishedAt ?? Infinity) - askedAt
  expect(stopped).toMatchObject({
    cause: 'Stopped.',
    text: expect.stringContaining('word1 word2 word3') as string,
  })
  expect(tookMs).toBeLessThan(2_000)

  await owner.mutation(api.chat.sendMessage, { sessionId, text: 'And now?' })
  await until('more text', () => backend.answers(sessionId)[1]?.text.includes('word2'))
  await owner.mutation(api.chat.stop, { messageId: backend.answers(sessionId)[1]?._id ?? running._id })
  await answered(sessionId, 'interrupted', 1)
  expect(backend.answers(sessionId)[0]?.text).toBe(stopped.text)
})
