import { readFileSync } from 'node:fs'
import { api } from '@rollcall/backend/api'
import type { Doc, Id } from '@rollcall/backend/dataModel'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Opencode } from '../../../src/infrastructure/opencode'
import { startChats, type Chats } from '../../application/startChats'
import { TestBackend, until } from '../../setup'
import { createSandbox, marked, startOpencode, type Sandbox } from './setup'

/** What opencode asks in the middle of an answer, from the real one to the rows in the backend and back. */
let sandbox: Sandbox
let opencode: Opencode
let backend: TestBackend
let worker: Chats

beforeAll(async () => {
  sandbox = await createSandbox()
  backend = await TestBackend.start()
  opencode = await startOpencode(sandbox.options)
  worker = await startChats(backend, 'worker', opencode)
})
afterAll(async () => {
  await worker.close()
  await backend.close()
  expect(marked(sandbox.options.marker)).toEqual([])
  await sandbox.remove()
})

const hostname = readFileSync('/etc/hostname', 'utf8').trim()

/** A chat in which opencode asks whether it may read outside of its folder. */
async function asking(): Promise<{ sessionId: Id<'sessions'>; request: Doc<'requests'> }> {
  const sessionId = await backend.chat(worker.made, 'scripted/tool', 'run: cat /etc/hostname')
  const request = await until('a request', () =>
    backend.rows('requests').find((row) => row.sessionId === sessionId && row.state.kind === 'open'),
  )
  return { sessionId, request }
}

async function reply({ _id }: Doc<'requests'>, kind: 'once' | 'always' | 'reject'): Promise<void> {
  await (await backend.owner()).mutation(api.requests.answer, { requestId: _id, reply: { kind } })
}

const ended = (sessionId: Id<'sessions'>) =>
  until('the end of the answer', () => {
    const [answer] = backend.answers(sessionId)
    return answer?.finishedAt !== undefined && answer
  })

it('is allowed by the person: the answer goes on with what came out', async () => {
  const { sessionId, request } = await asking()
  expect(request.what).toMatchObject({ kind: 'permission', permission: 'external_directory' })
  await reply(request, 'once')
  const answer = await ended(sessionId)
  expect(answer).toMatchObject({ status: 'completed', text: `The command said: ${hostname}` })
  await until('opencode has it', () => {
    const row = backend.rows('requests').find(({ _id }) => _id === request._id)
    return row?.state.kind === 'settled'
  })
})

it('is refused by the person: the answer goes on without', async () => {
  const { sessionId, request } = await asking()
  await reply(request, 'reject')
  const answer = await ended(sessionId)
  expect(answer.status).toBe('completed')
  expect(answer.text).toContain('This was refused.')
})

it('is not left open by an answer that was stopped: the next one in the chat is given', async () => {
  const { sessionId } = await asking()
  const owner = await backend.owner()
  const [running] = backend.answers(sessionId)
  if (!running) throw new Error('it is being answered')
  await owner.mutation(api.chat.stop, { messageId: running._id })
  expect(await ended(sessionId)).toMatchObject({ status: 'interrupted', cause: 'Stopped.' })
  await owner.mutation(api.chat.sendMessage, { sessionId, text: 'run: echo still-here' })
  const next = await until('the next answer', () => {
    const answer = backend.answers(sessionId)[1]
    return answer?.status === 'completed' && answer
  })
  expect(next.text).toBe('The command said: still-here')
})
