import { describe, expect, test } from 'vitest'
import { describeWorker } from '../src/presence/describeWorker'
import { sentenceText } from '../src/presence/Sentence'
import type { WorkerView } from '../src/presence/WorkerView'
import { anOfflineWorker, aWorker, NOON } from './aWorker'

/** Shape, word, colour and sentence as a person reads them 20 s after noon. */
function shown(worker: WorkerView): string {
  const { shape, word, tone, sentence } = describeWorker(worker)
  return `${shape} ${word} ${tone}: ${sentenceText(sentence, NOON + 20_000)}`
}

describe('online', () => {
  test.each<[string, Partial<WorkerView>, string]>([
    ['starting', { phase: 'starting' }, '◐ starting grey: Starting opencode since 12:00'],
    ['ready', {}, '● ready green: Ready since 12:00'],
    ['busy in one', { phase: 'busy', runningPrompts: 1 }, '◐ busy blue: Working in 1 chat'],
    ['busy', { phase: 'busy', runningPrompts: 2 }, '◐ busy blue: Working in 2 chats'],
    [
      'draining',
      { phase: 'draining', runningPrompts: 2, drain: { cause: 'SIGINT', deadline: NOON + 26_500 } },
      '◔ draining amber: Shutting down (Ctrl+C), 6 s left, 2 chats being saved',
    ],
    [
      'draining too long',
      { phase: 'draining', drain: { cause: 'SIGTERM', deadline: NOON + 17_000 } },
      '◔ draining amber: Shutting down (SIGTERM), 3 s over its time',
    ],
    [
      'busy, then to stop',
      { phase: 'busy', runningPrompts: 1, command: { kind: 'stop', when: 'idle', by: 'ada' } },
      '◐ busy blue: Working in 1 chat; stops after that',
    ],
    [
      'ready, and failing again and again',
      { unstable: { failures: 5, lastAt: NOON } },
      '≈ unstable amber: Failed 5 times in an hour, the last time 20 s ago',
    ],
    [
      'busy, and failing again and again',
      { phase: 'busy', runningPrompts: 1, unstable: { failures: 5, lastAt: NOON } },
      '≈ unstable amber: Failed 5 times in an hour, the last time 20 s ago; working in 1 chat',
    ],
    [
      'hung, which is more serious',
      { phase: 'hung', unstable: { failures: 5, lastAt: NOON } },
      '◍ hung red: Not responding for 20 s; its supervisor is watching',
    ],
    ['hung', { phase: 'hung' }, '◍ hung red: Not responding for 20 s; its supervisor is watching'],
  ])('%s', (_name, changes, expected) => {
    expect(shown(aWorker(changes))).toBe(expected)
  })
})

describe('offline', () => {
  test.each<[Parameters<typeof anOfflineWorker>[0], string]>([
    [
      { reason: 'shutdown', evidence: { cause: 'SIGTERM', drainMs: 310 } },
      '○ offline grey: Shut down 20 s ago by SIGTERM, drained in 0.3 s',
    ],
    [{ reason: 'shutdown', evidence: { cause: 'SIGINT' } }, '○ offline grey: Shut down 20 s ago by Ctrl+C'],
    [
      { reason: 'shutdown', evidence: { cause: 'launcher-gone' } },
      '○ offline grey: Shut down 20 s ago because its launcher was gone',
    ],
    [{ reason: 'crashed', evidence: { signal: '9' } }, '✕ crashed red: Killed (signal 9) 20 s ago'],
    [
      { reason: 'crashed', evidence: { signal: 'SIGKILL', restartInMs: 24_500 } },
      '✕ crashed red: Killed (SIGKILL) 20 s ago; restarting in 4 s',
    ],
    [
      { reason: 'crashed', evidence: { signal: 'SIGKILL', restartInMs: 1_000 } },
      '✕ crashed red: Killed (SIGKILL) 20 s ago; restarting',
    ],
    [
      { reason: 'crashed', evidence: { cause: 'hung', signal: 'SIGKILL' } },
      '✕ crashed red: Killed (SIGKILL) because it did not respond 20 s ago',
    ],
    [{ reason: 'crashed', evidence: { signal: 'SIGSEGV' } }, '✕ crashed red: Killed (SIGSEGV) 20 s ago'],
    [
      {
        reason: 'crashed',
        evidence: { cause: 'uncaughtException', exitCode: 1, message: 'boom\n    at file.ts:1:1' },
      },
      '✕ crashed red: Crashed after an uncaught exception (exit code 1) 20 s ago: boom',
    ],
    [{ reason: 'stale', evidence: {} }, '◌ lost red: Not heard from since 11:58'],
    [
      { reason: 'superseded', evidence: {} },
      '⊘ replaced grey: Replaced by the process on build-03 (pid 4711)',
    ],
    [{ reason: 'revoked', evidence: {} }, '⊘ revoked grey: Revoked 20 s ago'],
  ])('%j', (offline, expected) => {
    expect(shown(anOfflineWorker(offline))).toBe(expected)
  })
})

describe('not yet online', () => {
  test('waits for approval, not started', () => {
    const worker = aWorker({ approval: 'pending', status: 'offline', process: undefined, phase: undefined })
    expect(shown(worker)).toBe('◇ waiting amber: Not started yet; start it with its token')
  })

  test('waits for approval, running', () => {
    const worker = aWorker({ approval: 'pending', status: 'offline', phase: undefined })
    expect(shown(worker)).toBe('◇ waiting amber: Wants to join from build-03 (pid 4711)')
  })

  test('approved, never started', () => {
    const worker = aWorker({ status: 'offline', process: undefined, phase: undefined })
    expect(shown(worker)).toBe('○ offline grey: Never started')
  })

  test('a revoked worker is revoked, whatever else is known', () => {
    expect(shown(aWorker({ approval: 'revoked' }))).toMatch(/^⊘ revoked grey/)
  })
})
