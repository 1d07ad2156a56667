import { defaultSettings, type Settings } from '@rollcall/backend/contract'
import { describe, expect, test } from 'vitest'
import { readOverride } from '../src/machine/readOverride'
import { amountOf } from '../src/settings/readTime'
import { readDraft, typedSince, type Draft } from '../src/settings/settingsDraft'

const changesOf = (draft: Draft, settings: Settings = defaultSettings) => {
  const read = readDraft(settings, draft)
  return read.kind === 'changes' ? read.changes : read
}
const faultsOf = (draft: Draft) => {
  const read = readDraft(defaultSettings, draft)
  return read.kind === 'faults' ? read.faults : read
}

describe('what was typed', () => {
  test('is in the unit of its field, and only what differs is a change', () => {
    expect(changesOf({})).toEqual({})
    expect(changesOf({ heartbeatIntervalMs: ' 30 ', isSignUpOpen: false, requestTimeoutMs: '10.0' })).toEqual(
      {},
    )
    expect(changesOf({ heartbeatIntervalMs: '0.5', requestTimeoutMs: '2.5', isSignUpOpen: true })).toEqual({
      heartbeatIntervalMs: 500,
      requestTimeoutMs: 150_000,
      isSignUpOpen: true,
    })
  })

  test('leaves a time alone that its unit shows rounded', () => {
    const settings = { ...defaultSettings, requestTimeoutMs: 100_001 }
    const shown = amountOf('requestTimeoutMs', 100_001)
    expect(changesOf({ requestTimeoutMs: shown }, settings)).toEqual({})
    expect(changesOf({ requestTimeoutMs: '1.5' }, settings)).toEqual({ requestTimeoutMs: 90_000 })
  })

  test.each(['', 'soon', '-1', '1,5', '1e3', '30 s'])('“%s” is not a number', (typed) => {
    expect(faultsOf({ heartbeatIntervalMs: typed, requestTimeoutMs: typed })).toEqual({
      heartbeatIntervalMs: 'Type a number of seconds, such as 30.',
      requestTimeoutMs: 'Type a number of minutes, such as 10.',
    })
  })

  test('that breaks a rule is told so at the field that breaks it', () => {
    expect(faultsOf({ shutdownTimeoutMs: '601', requestTimeoutMs: '0' })).toEqual({
      shutdownTimeoutMs: 'From 500 ms to 10 min.',
      requestTimeoutMs: 'From 100 ms to 1 h.',
    })
    const tooShort = { staleThresholdMs: 'At least twice the heartbeat interval: 100 s or more.' }
    expect(faultsOf({ heartbeatIntervalMs: '50' })).toEqual(tooShort)
    expect(faultsOf({ heartbeatIntervalMs: '50', staleThresholdMs: '99' })).toEqual(tooShort)
    expect(changesOf({ heartbeatIntervalMs: '50', staleThresholdMs: '100' })).toEqual({
      heartbeatIntervalMs: 50_000,
      staleThresholdMs: 100_000,
    })
  })

  test('after it was sent, is kept', () => {
    const sent: Draft = { heartbeatIntervalMs: '20', isSignUpOpen: true }
    expect(typedSince({ ...sent, isSignUpOpen: false, shutdownTimeoutMs: '5' }, sent)).toEqual({
      isSignUpOpen: false,
      shutdownTimeoutMs: '5',
    })
  })
})

test.each([
  ['', { kind: 'overrides', overrides: {} }],
  [' 20 ', { kind: 'overrides', overrides: { shutdownTimeoutMs: 20_000 } }],
  ['0.4', { kind: 'fault', fault: 'From 500 ms to 10 min.' }],
  ['long', { kind: 'fault', fault: 'Type a number of seconds, such as 10.' }],
])('“%s” as a machine’s shutdown timeout', (typed, read) => {
  expect(readOverride(typed)).toEqual(read)
})
