import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Opencode } from '../../../src/infrastructure/opencode'
import { ask, createSandbox, startOpencode, type Sandbox } from './setup'

const silenceMs = 4_000

let sandbox: Sandbox
let opencode: Opencode

beforeAll(async () => {
  sandbox = await createSandbox()
  opencode = await startOpencode({ ...sandbox.options, limits: { silenceMs } })
})
afterAll(async () => {
  await opencode.stop()
  await sandbox.remove()
})

it('a prompt of which nothing is heard any more is given up, and its session is free', async () => {
  const { id } = await opencode.createSession({ title: 'Silent' })
  const { outcome } = await ask(opencode, { model: 'hang', sessionId: id })
  expect(outcome).toEqual({
    kind: 'failed',
    cause: expect.stringMatching(/^opencode said nothing about this answer for/) as string,
  })
  expect((await ask(opencode, { model: 'reasoning', sessionId: id })).outcome).toEqual({ kind: 'completed' })
})

it('a tool may work in silence for longer', async () => {
  const { outcome, text } = await ask(opencode, {
    model: 'tool',
    text: `run: sleep ${(silenceMs * 2) / 1_000}; echo woke`,
  })
  expect(outcome).toEqual({ kind: 'completed' })
  expect(text).toBe('The command said: woke')
})
