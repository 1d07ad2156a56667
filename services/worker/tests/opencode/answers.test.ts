import type { Part } from '@opencode-ai/sdk/v2'
import { describe, expect, it } from 'vitest'
import { AnswerText } from '../../src/infrastructure/opencode/AnswerText'
import { describeModelError } from '../../src/infrastructure/opencode/describeModelError'
import { StepBreaker } from '../../src/infrastructure/opencode/StepBreaker'

function part(id: string, type: 'text' | 'reasoning', text = ''): Part {
  return { id, type, text, sessionID: 'ses', messageID: 'msg', time: { start: 0 } }
}

function collect(): { answer: AnswerText; text: () => string } {
  let text = ''
  const answer = new AnswerText((delta) => {
    text += delta
  })
  return { answer, text: () => text }
}

describe('AnswerText', () => {
  it('passes deltas of text parts on, once, and nothing of reasoning', () => {
    const { answer, text } = collect()
    answer.hearPart(part('r', 'reasoning'))
    answer.hearDelta('r', 'thinking')
    answer.hearPart(part('t', 'text'))
    answer.hearDelta('t', 'Hel')
    answer.hearDelta('t', 'lo')
    answer.hearPart(part('r', 'reasoning', 'thinking'))
    answer.hearPart(part('t', 'text', 'Hello'))
    expect(text()).toBe('Hello')
  })

  it('keeps text of different parts apart', () => {
    const { answer, text } = collect()
    answer.hearPart(part('1', 'text', 'Before the tool.'))
    answer.hearPart(part('2', 'text', 'After it.'))
    expect(text()).toBe('Before the tool.\n\nAfter it.')
  })

  it('after a gap waits for the whole part instead of leaving a hole', () => {
    const { answer, text } = collect()
    answer.hearPart(part('t', 'text'))
    answer.hearDelta('t', 'one ')
    answer.hearGap()
    answer.hearDelta('t', 'three')
    expect(text()).toBe('one ')
    answer.hearStoredPart(part('t', 'text', ''))
    answer.hearPart(part('t', 'text', 'one two three'))
    expect(text()).toBe('one two three')
  })

  it('does not trust deltas of a part that began in a gap', () => {
    const { answer, text } = collect()
    answer.hearGap()
    answer.hearStoredPart(part('t', 'text', ''))
    answer.hearDelta('t', 'the end')
    answer.hearPart(part('t', 'text', 'Not only the end'))
    expect(text()).toBe('Not only the end')
  })

  it('reports progress once', () => {
    const { answer } = collect()
    expect(answer.takeProgress()).toBe(false)
    answer.hearPart(part('t', 'text', 'text'))
    expect(answer.takeProgress()).toBe(true)
    expect(answer.takeProgress()).toBe(false)
  })
})

describe('StepBreaker', () => {
  it('gives up after three steps in a row without a finish reason', () => {
    const breaker = new StepBreaker()
    const causes = ['unknown', 'unknown', 'tool-calls', 'unknown', 'unknown'].map((reason) =>
      breaker.stepFinished(reason),
    )
    expect(causes).toEqual([undefined, undefined, undefined, undefined, undefined])
    expect(breaker.stepFinished('unknown')).toMatch(/without saying that it had finished/)
  })

  it('gives up after three cuts in the middle of text, not for attempts that brought none', () => {
    const breaker = new StepBreaker()
    const cuts = [true, false, false, false, true].map((hadText) => breaker.retrying('reset', hadText))
    expect(cuts.every((cause) => cause === undefined)).toBe(true)
    expect(breaker.retrying('reset', true)).toBe(
      'The connection to the model was cut 3 times in the middle of the answer (reset).',
    )
  })

  it('forgets cuts when a step is finished', () => {
    const breaker = new StepBreaker()
    breaker.retrying('reset', true)
    breaker.retrying('reset', true)
    breaker.stepFinished('tool-calls')
    expect(breaker.retrying('reset', true)).toBeUndefined()
  })
})

describe('describeModelError', () => {
  const api = (statusCode?: number, metadata?: Record<string, string>): string =>
    describeModelError({
      name: 'APIError',
      data: {
        message: 'what it\nsaid',
        isRetryable: false,
        ...(statusCode !== undefined && { statusCode }),
        ...(metadata && { metadata }),
      },
    })

  it.each([
    [api(401), 'The model provider refused the key (401): what it said'],
    [api(404), 'The model provider does not know the model (404): what it said'],
    [api(429), 'Rate limited by the model provider (429), several attempts failed: what it said'],
    [api(400), 'The model provider refused the request (400): what it said'],
    [api(503), 'The model provider failed (503), several attempts: what it said'],
    [api(undefined, { code: 'ECONNRESET' }), 'The connection to the model was cut several times.'],
    [api(), 'The model provider cannot be reached: what it said'],
  ])('%s', (sentence, expected) => {
    expect(sentence).toBe(expected)
  })
})
