import { beforeEach, describe, expect, it, vi } from 'vitest'
import { until } from '../setup'
import { useChats, type PlayedChats } from './useChats'

const worker = useChats()
let backend: PlayedChats['backend']
let made: PlayedChats['made']
let gateway: PlayedChats['gateway']
let chats: PlayedChats['chats']
let opencode: PlayedChats['opencode']
let activity: PlayedChats['activity']

beforeEach(() => {
  ;({ backend, made, gateway, chats, opencode, activity } = worker.current)
})

function answer(sessionId: Parameters<PlayedChats['backend']['answers']>[0], index = 0) {
  return backend.answers(sessionId)[index]
}

describe('a ChatSessionManager that is held', () => {
  it('finishes what runs, claims nothing, and says once that nothing is left', async () => {
    const onIdle = vi.fn()
    const sessionId = await backend.chat(made, undefined, 'running', 'next in the chat')
    const prompt = await opencode.prompted('running')
    chats.hold(onIdle)
    const other = await backend.chat(made, undefined, 'another chat')
    await until('offered', () => chats.waiting === 2)
    prompt.say('All of it.')
    expect(onIdle).not.toHaveBeenCalled()
    prompt.end({ kind: 'completed' })
    await until('idle', () => onIdle.mock.calls.length > 0)
    expect(answer(sessionId)).toMatchObject({ status: 'completed', text: 'All of it.' })
    expect([answer(sessionId, 1), answer(other)].map((row) => row?.status)).toEqual(['queued', 'queued'])
    await chats.disconnectAll()
    expect(onIdle).toHaveBeenCalledOnce()
  })

  it('says so at once when nothing runs', () => {
    const onIdle = vi.fn()
    chats.hold(onIdle)
    expect(onIdle).toHaveBeenCalledOnce()
  })

  it('waits for an answer whose claim was under way', async () => {
    const claim = gateway.claim.bind(gateway)
    const onIdle = vi.fn()
    vi.spyOn(gateway, 'claim').mockImplementationOnce((messageId) => {
      chats.hold(onIdle)
      return claim(messageId)
    })
    await backend.chat(made, undefined, 'Hello?')
    const prompt = await opencode.prompted('Hello?')
    expect(onIdle).not.toHaveBeenCalled()
    prompt.end({ kind: 'completed' })
    await until('idle', () => onIdle.mock.calls.length > 0)
  })

  it('is idle when the last claim under way fails', async () => {
    const onIdle = vi.fn()
    vi.spyOn(gateway, 'claim').mockImplementationOnce(() => {
      chats.hold(onIdle)
      return Promise.resolve({ kind: 'failed', reason: 'a bug' })
    })
    await backend.chat(made, undefined, 'Hello?')
    await until('idle', () => onIdle.mock.calls.length > 0)
    expect(opencode.prompts).toEqual([])
  })

  it('takes what has waited when it is released, and nobody is told of idleness then', async () => {
    const onIdle = vi.fn()
    await backend.chat(made, undefined, 'running')
    const running = await opencode.prompted('running')
    chats.hold(onIdle)
    await backend.chat(made, undefined, 'waiting')
    await until('offered', () => chats.waiting === 1)
    chats.release()
    const waited = await opencode.prompted('waiting')
    for (const prompt of [running, waited]) prompt.end({ kind: 'completed' })
    await until('idle again', () => activity.at(-1) === 0)
    expect(onIdle).not.toHaveBeenCalled()
  })
})
