import { api } from '@rollcall/backend/api'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { until } from '../setup'
import { HandOpencode } from './HandOpencode'
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

describe('ChatSessionManager', () => {
  it('claims an answer, streams it and completes it', async () => {
    const sessionId = await backend.chat(made, 'some/model', 'What is it?')
    const prompt = await opencode.prompted('What is it?')
    expect(prompt.model).toBe('some/model')
    prompt.say('It ')
    await until('streaming text', () => answer(sessionId)?.text === 'It ')
    expect(answer(sessionId)).toMatchObject({ status: 'streaming', epoch: 1 })
    expect(backend.worker(made)).toMatchObject({ phase: 'busy', runningPrompts: 1 })
    prompt.say('is.')
    prompt.end({ kind: 'completed' })
    await until('completed', () => answer(sessionId)?.status === 'completed')
    expect(answer(sessionId)?.text).toBe('It is.')
    expect(backend.worker(made)).toMatchObject({ phase: 'ready', runningPrompts: 0 })
    await until('idle again', () => activity.at(-1) === 0)
    expect(activity).toEqual([1, 0])
  })

  it('tells why an answer failed', async () => {
    const sessionId = await backend.chat(made, undefined, 'Hello?')
    const prompt = await opencode.prompted('Hello?')
    prompt.say('Half an ans')
    prompt.end({ kind: 'failed', cause: 'The provider refused the key.' })
    await until('failed', () => answer(sessionId)?.status === 'failed')
    expect(answer(sessionId)).toMatchObject({ text: 'Half an ans', cause: 'The provider refused the key.' })
  })

  it('runs the prompts of one chat one after another, and chats side by side', async () => {
    const one = await backend.chat(made, undefined, 'one: first', 'one: second')
    const two = await backend.chat(made, undefined, 'two: first')
    const first = await opencode.prompted('one: first')
    const other = await opencode.prompted('two: first')
    expect(opencode.prompts.map(({ text }) => text)).not.toContain('one: second')
    expect(answer(one, 1)?.status).toBe('queued')
    first.end({ kind: 'completed' })
    const second = await opencode.prompted('one: second')
    expect(second.sessionId).toBe(first.sessionId)
    expect(other.sessionId).not.toBe(first.sessionId)
    second.end({ kind: 'completed' })
    other.end({ kind: 'completed' })
    await until('all answered', () =>
      [...backend.answers(one), ...backend.answers(two)].every(({ status }) => status === 'completed'),
    )
  })

  it('continues an opencode session that is still there, and opens a new one where it is not', async () => {
    const sessionId = await backend.chat(made, undefined, 'first')
    const first = await opencode.prompted('first')
    first.end({ kind: 'completed' })
    await until('completed', () => answer(sessionId)?.status === 'completed')
    expect(backend.session(sessionId)?.opencodeSessionId).toBe(first.sessionId)

    const next = new HandOpencode(opencode.sessions)
    chats.serve(next)
    await (await backend.owner()).mutation(api.chat.sendMessage, { sessionId, text: 'second' })
    const second = await next.prompted('second')
    expect(second.sessionId).toBe(first.sessionId)
    second.end({ kind: 'completed' })
    await until('completed', () => answer(sessionId, 1)?.status === 'completed')

    const emptied = new HandOpencode()
    chats.serve(emptied)
    await (await backend.owner()).mutation(api.chat.sendMessage, { sessionId, text: 'third' })
    const third = await emptied.prompted('third')
    expect(third.sessionId).not.toBe(first.sessionId)
    await until('linked anew', () => backend.session(sessionId)?.opencodeSessionId === third.sessionId)
    expect([0, 1, 2].map((index) => answer(sessionId, index)?.beganAnew)).toEqual([
      undefined,
      undefined,
      true,
    ])
    third.end({ kind: 'completed' })
  })

  it('claims nothing while paused, and what has waited afterwards', async () => {
    chats.pause()
    const sessionId = await backend.chat(made, undefined, 'Hello?')
    await until('offered', () => chats.waiting === 1)
    expect(answer(sessionId)?.status).toBe('queued')
    chats.serve(opencode)
    const prompt = await opencode.prompted('Hello?')
    prompt.end({ kind: 'completed' })
  })

  it('interrupts what runs when opencode died, and gives what waits to the next one', async () => {
    const sessionId = await backend.chat(made, undefined, 'Hello?', 'Are you there?')
    const prompt = await opencode.prompted('Hello?')
    prompt.say('Wait')
    chats.pause()
    opencode.die({ exitCode: null, signal: 'SIGKILL' })
    await until('interrupted', () => answer(sessionId)?.status === 'interrupted')
    expect(answer(sessionId)).toMatchObject({ text: 'Wait', cause: 'opencode ended.' })
    const next = new HandOpencode()
    chats.serve(next)
    const second = await next.prompted('Are you there?')
    second.end({ kind: 'completed' })
    await until('completed', () => answer(sessionId, 1)?.status === 'completed')
  })

  it('gives what was claimed just before opencode went to the next one', async () => {
    const claim = gateway.claim.bind(gateway)
    let isPaused = false
    vi.spyOn(gateway, 'claim').mockImplementationOnce(async (messageId) => {
      const reply = await claim(messageId)
      chats.pause()
      isPaused = true
      return reply
    })
    const sessionId = await backend.chat(made, undefined, 'Hello?')
    await until('paused', () => isPaused)
    expect(answer(sessionId)?.status).toBe('claimed')
    const next = new HandOpencode()
    chats.serve(next)
    const prompt = await next.prompted('Hello?')
    prompt.end({ kind: 'completed' })
    await until('completed', () => answer(sessionId)?.status === 'completed')
    expect(opencode.prompts).toEqual([])
  })

  it('aborts a prompt whose answer the backend has closed', async () => {
    await backend.chat(made, undefined, 'Hello?')
    const prompt = await opencode.prompted('Hello?')
    const messageId = backend.rows('messages').find((row) => row.status === 'claimed')?._id
    if (!messageId) throw new Error('nothing claimed')
    await gateway.interrupt(messageId, 'from elsewhere')
    prompt.say('nobody wants this')
    await until('aborted', () => prompt.signal.aborted)
  })

  describe('disconnectAll (defect 9 of the peers)', () => {
    it('keeps partial text as interrupted, suspends the sessions and stops opencode', async () => {
      const running = await backend.chat(made, undefined, 'running')
      const idle = await backend.chat(made, undefined, 'idle')
      ;(await opencode.prompted('idle')).end({ kind: 'completed' })
      const prompt = await opencode.prompted('running')
      await until('idle is done', () => answer(idle)?.status === 'completed')
      prompt.say('So far')
      await chats.disconnectAll()
      expect(prompt.signal.aborted).toBe(true)
      expect(answer(running)).toMatchObject({ status: 'interrupted', text: 'So far' })
      expect(answer(idle)).toMatchObject({ status: 'completed' })
      expect([running, idle].map((id) => backend.session(id)?.status)).toEqual(['suspended', 'suspended'])
      expect(opencode.stops).toBe(1)
    })

    it('does it once, whoever asks', async () => {
      expect(chats.disconnectAll()).toBe(chats.disconnectAll())
      await chats.disconnectAll()
      expect(opencode.stops).toBe(1)
    })

    it('takes no work afterwards', async () => {
      await chats.disconnectAll()
      const sessionId = await backend.chat(made, undefined, 'Hello?')
      chats.serve(opencode)
      await until('offered', () => chats.waiting === 1)
      expect(opencode.prompts).toEqual([])
      expect(answer(sessionId)?.status).toBe('queued')
    })
  })
})
