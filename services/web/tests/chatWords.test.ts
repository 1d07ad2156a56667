import { describe, expect, test } from 'vitest'
import { parseBlocks } from '../src/chat/parseBlocks'
import { whyNotSend } from '../src/chat/whyNotSend'
import { titleFrom } from '../src/worker/titleFrom'
import { anOfflineWorker, aWorker } from './aWorker'

describe('parseBlocks', () => {
  test('prose around code', () => {
    expect(parseBlocks('Before\n\n```ts\nconst a = 1\n\nb()\n```\n\nAfter')).toEqual([
      { kind: 'prose', text: 'Before' },
      { kind: 'code', language: 'ts', text: 'const a = 1\n\nb()' },
      { kind: 'prose', text: 'After' },
    ])
  })

  test('an open fence is code that is being written', () => {
    expect(parseBlocks('Look:\n```\nrm -')).toEqual([
      { kind: 'prose', text: 'Look:' },
      { kind: 'code', language: '', text: 'rm -' },
    ])
  })

  test('a longer fence holds shorter ones', () => {
    expect(parseBlocks('````md\n```ts\nx\n```\n````')).toEqual([
      { kind: 'code', language: 'md', text: '```ts\nx\n```' },
    ])
  })

  test('backticks within a line are no fence', () => {
    expect(parseBlocks('run ```this``` now')).toEqual([{ kind: 'prose', text: 'run ```this``` now' }])
  })

  test('nothing is nothing', () => {
    expect(parseBlocks('')).toEqual([])
  })
})

describe('whyNotSend', () => {
  const live = { kind: 'live' } as const

  test('an online worker takes messages, starting or busy too', () => {
    expect(whyNotSend(aWorker(), live)).toBeUndefined()
    expect(whyNotSend(aWorker({ phase: 'busy' }), live)).toBeUndefined()
    expect(whyNotSend(aWorker({ phase: 'starting' }), live)).toBeUndefined()
  })

  test.each([
    ['offline', anOfflineWorker({ reason: 'shutdown', evidence: {} }), /docs is offline/],
    ['draining', aWorker({ phase: 'draining' }), /shutting down/],
    ['pending', aWorker({ approval: 'pending', status: 'offline' }), /waits for approval/],
    ['revoked', aWorker({ approval: 'revoked', status: 'offline' }), /revoked/],
  ])('%s: says why not', (_name, worker, reason) => {
    expect(whyNotSend(worker, live)).toMatch(reason)
  })

  test('an operator is sent to the owner for an approval', () => {
    const worker = aWorker({ approval: 'pending', status: 'offline', role: 'operator' })
    expect(whyNotSend(worker, live)).toBe('docs waits for approval. Ask its owner.')
  })

  test('a viewer may not send, whatever the worker does', () => {
    const reason = 'You may look at this worker, not work with it. Ask its owner.'
    expect(whyNotSend(aWorker({ role: 'viewer' }), live)).toBe(reason)
    expect(whyNotSend(aWorker({ role: 'viewer' }), { kind: 'lost', since: 0 })).toBe(reason)
    expect(whyNotSend(aWorker({ role: 'operator' }), live)).toBeUndefined()
  })

  test('not connected: nothing is sent, whatever the last known status', () => {
    expect(whyNotSend(aWorker(), { kind: 'lost', since: 0 })).toMatch(/Not connected/)
  })
})

describe('titleFrom', () => {
  test('one line, without control characters', () => {
    expect(titleFrom('  Fix\n\tthe\u0007 build ')).toBe('Fix the build')
  })

  test('cut between words, never longer than a name may be', () => {
    const title = titleFrom('word '.repeat(40))
    expect(title).toMatch(/word…$/)
    expect(title.length).toBeLessThanOrEqual(64)
    expect(titleFrom('x'.repeat(300))).toHaveLength(64)
  })

  test('does not cut a character in half', () => {
    expect(titleFrom('x'.repeat(62) + '😀😀')).toBe(`${'x'.repeat(62)}…`)
  })
})
