import { errorCodes } from '@rollcall/backend/contract'
import { describe, expect, test } from 'vitest'
import { judgeSending } from '../src/chat/judgeSending'
import { titleFrom } from '../src/worker/titleFrom'
import { anOfflineWorker, aWorker } from './aWorker'

describe('judgeSending', () => {
  const live = { kind: 'live' } as const
  const lost = { kind: 'lost', since: 0 } as const
  const offline = anOfflineWorker({ reason: 'shutdown', evidence: {} })

  test('an online worker takes messages, starting or busy too', () => {
    expect(judgeSending(aWorker(), live)).toEqual({ kind: 'now' })
    expect(judgeSending(aWorker({ phase: 'busy' }), live)).toEqual({ kind: 'now' })
    expect(judgeSending(aWorker({ phase: 'starting' }), live)).toEqual({ kind: 'now' })
  })

  test('one that is away answers later', () => {
    const later = { kind: 'later', note: 'Will be answered when docs is back.' }
    expect(judgeSending(offline, live)).toEqual(later)
    expect(judgeSending(aWorker({ phase: 'draining' }), live)).toEqual(later)
    expect(judgeSending({ ...offline, role: 'operator' }, live)).toEqual(later)
  })

  test.each([
    [
      'pending',
      aWorker({ approval: 'pending', status: 'offline' }),
      'docs waits for approval. Approve it first.',
    ],
    ['revoked', aWorker({ approval: 'revoked', status: 'offline' }), errorCodes.WORKER_REVOKED],
  ])('%s: nothing is sent, not for later either', (_name, worker, reason) => {
    expect(judgeSending(worker, live)).toEqual({ kind: 'not', reason })
  })

  test('an operator is sent to the owner for an approval', () => {
    const worker = aWorker({ approval: 'pending', status: 'offline', role: 'operator' })
    expect(judgeSending(worker, live)).toEqual({
      kind: 'not',
      reason: 'docs waits for approval. Ask its owner.',
    })
  })

  test('a viewer may not send, whatever the worker does', () => {
    const not = { kind: 'not', reason: 'You may look at this worker, not work with it. Ask its owner.' }
    expect(judgeSending(aWorker({ role: 'viewer' }), live)).toEqual(not)
    expect(judgeSending(aWorker({ role: 'viewer' }), lost)).toEqual(not)
    expect(judgeSending({ ...offline, role: 'viewer' }, live)).toEqual(not)
    expect(judgeSending(aWorker({ role: 'operator' }), live)).toEqual({ kind: 'now' })
  })

  test('not connected: nothing is sent, whatever the last known status', () => {
    const not = { kind: 'not', reason: 'Not connected. Your draft is kept here.' }
    expect(judgeSending(aWorker(), lost)).toEqual(not)
    expect(judgeSending(offline, lost)).toEqual(not)
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
