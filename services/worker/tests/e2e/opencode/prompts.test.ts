import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isEverythingAsked } from '@rollcall/backend/isEverythingAsked'
import type { Opencode } from '../../../src/infrastructure/opencode'
import { ask, createSandbox, marked, startOpencode, type Sandbox } from './setup'

let sandbox: Sandbox
let opencode: Opencode

beforeAll(async () => {
  sandbox = await createSandbox({ hasCatalog: true })
  opencode = await startOpencode(sandbox.options)
})
afterAll(async () => {
  await opencode.stop()
  expect(marked(sandbox.options.marker)).toEqual([])
  await sandbox.remove()
})

describe('prompt', () => {
  it('streams the text that the model sent, in pieces', async () => {
    const { outcome, text, deltas } = await ask(opencode, { model: 'ok', text: 'Good morning' })
    expect(outcome).toEqual({ kind: 'completed' })
    expect(text).toMatch(/^You wrote: “Good morning”\. I am a scripted .* the worker and opencode\.$/)
    expect(deltas.length).toBeGreaterThan(20)
  })

  it('passes a long answer on whole', async () => {
    const { outcome, text } = await ask(opencode, { model: 'long' })
    expect(outcome).toEqual({ kind: 'completed' })
    const numbers = text.split('\n').map((line) => Number(/^Line (\d+)/.exec(line)?.[1]))
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
    expect(text.length).toBeGreaterThan(90_000)
  })

  it('leaves reasoning out of the text', async () => {
    const { outcome, text } = await ask(opencode, { model: 'reasoning' })
    expect(outcome).toEqual({ kind: 'completed' })
    expect(text).toBe('Having thought about it: yes.')
  })

  it('goes through a tool call', async () => {
    const { outcome, text } = await ask(opencode, { model: 'tool', text: 'run: echo from-$((40 + 2))' })
    expect(outcome).toEqual({ kind: 'completed' })
    expect(text).toBe('The command said: from-42')
  })

  it('keeps several sessions apart, and several prompts in one', async () => {
    const { id } = await opencode.createSession({ title: 'Twice' })
    const [first, other] = await Promise.all([
      ask(opencode, { model: 'ok', text: 'first', sessionId: id }),
      ask(opencode, { model: 'ok', text: 'other' }),
    ])
    const second = await ask(opencode, { model: 'ok', text: 'second', sessionId: id })
    expect(first.text).toContain('“first”')
    expect(other.text).toContain('“other”')
    expect(second.text).toContain('“second”')
    expect([first, other, second].map(({ outcome }) => outcome.kind)).toEqual(Array(3).fill('completed'))
  })
})

describe('a permission that is asked for', () => {
  it('is refused, so that the session goes on instead of waiting for ever', async () => {
    const { id } = await opencode.createSession({ title: 'Outside' })
    const { outcome, text } = await ask(opencode, {
      model: 'tool',
      text: 'run: cat /etc/hostname',
      sessionId: id,
    })
    expect(outcome).toEqual({ kind: 'completed' })
    expect(text).toContain('Nobody can be asked here')
    expect((await ask(opencode, { model: 'ok', sessionId: id })).outcome).toEqual({ kind: 'completed' })
  })
})

describe('prompt that fails', () => {
  it.each([
    ['e401', /refused the key \(401\)/],
    ['e429', /Rate limited .*\(429\)/],
    ['malformed', /not an answer/],
    ['no-such-model', /does not know the model/],
    ['eof', /without saying that it had finished/],
  ])('%s', async (model, cause) => {
    const { id } = await opencode.createSession({ title: model })
    const { outcome } = await ask(opencode, { model, sessionId: id })
    expect(outcome).toEqual({ kind: 'failed', cause: expect.stringMatching(cause) as string })
    const next = await ask(opencode, { model: 'reasoning', sessionId: id })
    expect(next.outcome).toEqual({ kind: 'completed' })
    expect(next.text).toBe('Having thought about it: yes.')
  })

  it('in a session that does not exist', async () => {
    const { outcome } = await ask(opencode, { model: 'ok', sessionId: 'ses_nothing' })
    expect(outcome).toEqual({
      kind: 'failed',
      cause: expect.stringMatching(/does not have this session/) as string,
    })
  })
})

describe('abort', () => {
  it('in the middle of an answer keeps what came, and frees the session', async () => {
    const stop = new AbortController()
    const { id } = await opencode.createSession({ title: 'Aborted' })
    const aborted = await ask(opencode, {
      model: 'slow',
      sessionId: id,
      signal: stop.signal,
      onText: (text) => {
        if (text.includes('word3')) stop.abort()
      },
    })
    expect(aborted.outcome).toEqual({ kind: 'aborted' })
    expect(aborted.text).toContain('word1 word2 word3')
    expect((await ask(opencode, { model: 'ok', sessionId: id })).outcome).toEqual({ kind: 'completed' })
  })

  it('of a model that says nothing', async () => {
    const stop = new AbortController()
    const asked = sandbox.model.requests('hang')
    const answer = ask(opencode, { model: 'hang', signal: stop.signal })
    await expect.poll(() => sandbox.model.requests('hang')).toBe(asked + 1)
    stop.abort()
    expect((await answer).outcome).toEqual({ kind: 'aborted' })
  })

  it.each(isEverythingAsked ? [0, 3, 6, 10, 15, 25] : [0, 6, 15])(
    '%i ms after sending does not get lost',
    async (afterMs) => {
      const stop = new AbortController()
      const { id } = await opencode.createSession({ title: 'Aborted early' })
      const answer = ask(opencode, { model: 'slow', sessionId: id, signal: stop.signal })
      setTimeout(() => stop.abort(), afterMs)
      expect((await answer).outcome).toEqual({ kind: 'aborted' })
      expect((await ask(opencode, { model: 'reasoning', sessionId: id })).outcome).toEqual({
        kind: 'completed',
      })
    },
  )

  it('by session id', async () => {
    const { id } = await opencode.createSession({ title: 'By id' })
    const answer = await ask(opencode, {
      model: 'slow',
      sessionId: id,
      onText: (text) => {
        if (text.endsWith('word2')) void opencode.abort(id)
      },
    })
    expect(answer.outcome).toEqual({ kind: 'aborted' })
    await opencode.abort('ses_nothing')
  })
})

describe('sessions and models', () => {
  it('lists the models of the configuration', async () => {
    const models = await opencode.listModels()
    expect(models).toContainEqual({ id: 'scripted/ok', name: 'Scripted: friendly' })
    expect(models.every(({ id }) => id.startsWith('scripted/'))).toBe(true)
  })

  it('knows which sessions exist', async () => {
    const { id } = await opencode.createSession({ title: 'Known' })
    expect(await opencode.sessionExists(id)).toBe(true)
    expect(await opencode.sessionExists('ses_nothing')).toBe(false)
    expect(await opencode.sessionExists('nothing')).toBe(false)
  })
})
