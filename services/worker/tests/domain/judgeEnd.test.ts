import { describe, expect, it } from 'vitest'
import { judgeEnd } from '../../src/domain/judgeEnd'

const listening = { wasAsked: false, wantsRestart: false, wasListening: true }
const asked = { ...listening, wasAsked: true }
const restarting = { ...listening, wantsRestart: true }
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

  it('starts a worker again that drained for it, and takes that for no crash', () => {
    expect(judgeEnd(code(0), restarting)).toEqual({ kind: 'restart', crash: false })
  })

  it('starts a worker again that did not get its drain for a restart done, and reports it', () => {
    expect(judgeEnd(code(1), restarting)).toEqual({ kind: 'restart', crash: true })
    expect(judgeEnd(killed, restarting)).toEqual({ kind: 'restart', crash: true })
  })

  it('starts nothing again that was asked to stop during its drain for a restart', () => {
    const both = { ...restarting, wasAsked: true }
    expect(judgeEnd(code(0), both)).toEqual({ kind: 'over', exitCode: 0, crash: false })
    expect(judgeEnd(code(1), both)).toEqual({ kind: 'over', exitCode: 1, crash: true })
  })

  it.each([2, 3, 4, 130])(
    'takes exit code %i for the last word, also in a drain for a restart',
    (exitCode) => {
      expect(judgeEnd(code(exitCode), restarting)).toEqual({ kind: 'over', exitCode, crash: false })
    },
  )

  it('takes the death of a process that had not begun for a stop, if it was asked', () => {
    const young = { ...asked, wasListening: false }
    expect(judgeEnd({ exitCode: null, signal: 'SIGINT' }, young)).toEqual({
      kind: 'over',
      exitCode: 0,
      crash: false,
    })
    expect(judgeEnd(killed, { ...listening, wasListening: false }).kind).toBe('restart')
  })
})
