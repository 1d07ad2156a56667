import { api } from '@rollcall/backend/api'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestBackend, until } from '../setup'
import { HandOpencode } from './HandOpencode'
import { startChats, type Chats } from './startChats'

let backend: TestBackend
let worker: Chats
const opencode = new HandOpencode()

beforeAll(async () => {
  backend = await TestBackend.start()
  worker = await startChats(backend, 'worker', opencode)
})
afterAll(async () => {
  await worker.close()
  await backend.close()
})

it('hands each prompt the policy of its claim: a change holds from the next answer on', async () => {
  const owner = await backend.owner()
  const { workerId } = worker.made
  const sessionId = await backend.chat(worker.made, undefined, 'first')
  const first = await opencode.prompted('first')
  expect(first.policy).toBeUndefined()
  for (const policy of ['readOnly', 'ask', 'asSetUp'] as const) {
    await owner.mutation(api.workerAccess.setPolicy, { workerId, policy })
    await owner.mutation(api.chat.sendMessage, { sessionId, text: policy })
    const running = opencode.prompts.at(-1)
    running?.end({ kind: 'completed' })
    const next = await opencode.prompted(policy)
    expect(next.policy).toBe(policy === 'asSetUp' ? undefined : policy)
  }
  opencode.prompts.at(-1)?.end({ kind: 'completed' })
  await until('all are answered', () => backend.answers(sessionId).every(({ finishedAt }) => finishedAt))
})
