import { describe, expect, it } from 'vitest'
import { judgeEnd } from '../../src/domain/judgeEnd'

const listening = { wasAsked: false, wasListening: true }
const asked = { wasAsked: true, wasListening: true }
const code = (exitCode: number) => ({ exitCode, signal: null })
const killed = { exitCode: null, signal: 'SIGKILL' }

describe('judgeEnd', () => {
  it.each([0, 2, 3, 4, 130])('takes exit code %i for the last word, asked or not', (exitCode) => {
    const over = { kind: 'over', exitCode, crash: false }
    expect(judgeEnd(code(exitCode), listening)).toEqual(over)
    expect(judgeEnd(code(exitCode), asked)).toEqual(over)
  })

  it.each([1, 7, 13, 134, 255])('starts a worker again that ended with %i', (exitCode) => {
    expect(judgeEnd(code(exitCode), listening)).toEqual({ kind: 'restart', crash: true })
  })

  it.each(['SIGKILL', 'SIGSEGV', 'SIGTERM'])('starts a worker again that %s killed', (signal) => {
    expect(judgeEnd({ exitCode: null, signal }, listening)).toEqual({ kind: 'restart', crash: true })
  })

  it('starts nothing again that was asked to stop, and reports it all the same', () => {
    expect(judgeEnd(code(1), asked)).toEqual({ kind: 'over', exitCode: 1, crash: true })
    expect(judgeEnd(killed, asked)).toEqual({ kind: 'over', exitCode: 1, crash: true })
  })

  it('takes the death of a process that had not begun for a stop, if it was asked', () => {
    const young = { wasAsked: true, wasListening: false }
    expect(judgeEnd({ exitCode: null, signal: 'SIGINT' }, young)).toEqual({
      kind: 'over',
      exitCode: 0,
      crash: false,
    })
    expect(judgeEnd(killed, { wasAsked: false, wasListening: false }).kind).toBe('restart')
  })
})
