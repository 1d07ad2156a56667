import { api } from '@rollcall/backend/api'
import { beforeEach, describe, expect, it } from 'vitest'
import type { MessageId } from '../../src/infrastructure/convex/backendTypes'
import { until } from '../setup'
import { useChats, type PlayedChats } from './useChats'

const worker = useChats()
let backend: PlayedChats['backend']
let made: PlayedChats['made']
let chats: PlayedChats['chats']
let opencode: PlayedChats['opencode']

beforeEach(() => {
  ;({ backend, made, chats, opencode } = worker.current)
})

function answer(sessionId: Parameters<PlayedChats['backend']['answers']>[0], index = 0) {
  return backend.answers(sessionId)[index]
}

describe('RunningAnswer', () => {
  it('tells what is done on the way before the answer ends, and what it cost', async () => {
    const sessionId = await backend.chat(made, undefined, 'Look around')
    const prompt = await opencode.prompted('Look around')
    const usage = { usd: 0.5, inputTokens: 1, outputTokens: 2 }
    const others = { reasoningTokens: 3, cacheReadTokens: 4, cacheWriteTokens: 5 }
    prompt.say('First')
    prompt.onPart?.({ key: 'p', at: 5, what: { kind: 'reasoning', status: 'completed', text: 'Hm.' } })
    prompt.onUsage?.({ ...usage, ...others })
    prompt.end({ kind: 'failed', cause: 'The model failed.' })
    await until('failed', () => answer(sessionId)?.status === 'failed')
    expect(answer(sessionId)?.usage).toEqual({ ...usage, ...others })
    expect(backend.rows('parts').find(({ messageId }) => messageId === answer(sessionId)?._id)).toMatchObject(
      {
        ...{ key: 'p', at: 5, what: { kind: 'reasoning', status: 'completed', text: 'Hm.' } },
      },
    )
  })

  it('tells that the model is asked again, after the text so far', async () => {
    const sessionId = await backend.chat(made, undefined, 'Hello?')
    const prompt = await opencode.prompted('Hello?')
    prompt.say('Half an ans')
    prompt.onRetry?.({ attempt: 2, message: 'Rate limited', inMs: 60_000 })
    await until('noted', () => answer(sessionId)?.modelRetry !== undefined)
    expect(answer(sessionId)).toMatchObject({
      text: 'Half an ans',
      modelRetry: { attempt: 2, message: 'Rate limited' },
    })
    prompt.say('wer')
    await until('forgotten', () => answer(sessionId)?.text === 'Half an answer')
    expect(answer(sessionId)?.modelRetry).toBeUndefined()
    prompt.end({ kind: 'completed' })
  })
})

describe('stop', () => {
  async function stop(messageId: MessageId | undefined) {
    if (!messageId) throw new Error('nothing to stop')
    await (await backend.owner()).mutation(api.chat.stop, { messageId })
  }

  it('interrupts at once and keeps the text, however long opencode takes to abort', async () => {
    opencode.abortsAtOnce = false
    const sessionId = await backend.chat(made, undefined, 'first', 'second')
    const prompt = await opencode.prompted('first')
    prompt.say('So far')
    await stop(answer(sessionId)?._id)
    await until('interrupted', () => answer(sessionId)?.status === 'interrupted', 2_000)
    expect(prompt.signal.aborted).toBe(true)
    expect(answer(sessionId)).toMatchObject({ text: 'So far', cause: 'Stopped.' })

    await until('second is claimed', () => answer(sessionId, 1)?.status === 'claimed')
    expect(opencode.prompts).toHaveLength(1)
    prompt.say('too late')
    prompt.end({ kind: 'aborted' })
    const second = await opencode.prompted('second')
    second.end({ kind: 'completed' })
    await until('second is done', () => answer(sessionId, 1)?.status === 'completed')
    expect(answer(sessionId)?.text).toBe('So far')
  })

  it('lets other answers go on', async () => {
    const one = await backend.chat(made, undefined, 'one')
    const two = await backend.chat(made, undefined, 'two')
    await opencode.prompted('one')
    const other = await opencode.prompted('two')
    await stop(answer(one)?._id)
    await until('interrupted', () => answer(one)?.status === 'interrupted')
    expect(other.signal.aborted).toBe(false)
    other.end({ kind: 'completed' })
    await until('completed', () => answer(two)?.status === 'completed')
  })

  it('is not lost when it is heard before the reply to the claim', async () => {
    chats.pause()
    const sessionId = await backend.chat(made, undefined, 'Hello?')
    await until('offered', () => chats.waiting === 1)
    chats.serve(opencode)
    chats.stop([answer(sessionId)?._id].filter((id) => id !== undefined))
    await until('interrupted', () => answer(sessionId)?.status === 'interrupted')
    expect(answer(sessionId)).toMatchObject({ text: '', cause: 'Stopped.' })
  })
})
