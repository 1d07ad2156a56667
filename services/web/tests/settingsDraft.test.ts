import { DAY, defaultSettings, numberSettings, type Settings } from '@rollcall/backend/contract'
import { describe, expect, test } from 'vitest'
import { amountOf, readSetting } from '../src/settings/readSetting'
import { settingGroups } from '../src/settings/settingGroups'
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

  test('is days, a count, or a percentage with or without its sign', () => {
    expect(
      changesOf({
        eventRetentionMs: '30',
        chatRetentionMs: '1.5',
        unstableFailures: '3',
        alertLostPercent: '50 %',
      }),
    ).toEqual({
      ...{
        eventRetentionMs: 30 * DAY,
        chatRetentionMs: 1.5 * DAY,
        unstableFailures: 3,
        alertLostPercent: 50,
      },
    })
    expect(changesOf({ alertCrashesPerHour: '0', alertGracefulPercent: '95%' })).toEqual({
      alertCrashesPerHour: 0,
    })
  })

  test.each(['', 'few', '2.5', '-1', '1e1'])('“%s” is no whole number', (typed) => {
    expect(faultsOf({ unstableFailures: typed, alertGracefulPercent: typed })).toEqual({
      unstableFailures: 'Type a whole number, such as 5.',
      alertGracefulPercent: 'Type a whole number of percent, such as 95.',
    })
    expect(faultsOf({ unstableFailures: '5%' })).toHaveProperty('unstableFailures')
  })

  test.each(numberSettings)('%s is shown so that it reads as the same', (setting) => {
    const typed = amountOf(setting, defaultSettings[setting])
    expect(readSetting(setting, typed)).toBe(defaultSettings[setting])
    expect(amountOf(setting, defaultSettings[setting] + 1)).not.toBe(typed)
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
    expect(
      faultsOf({
        unstableFailures: '21',
        alertCrashesPerHour: '1000001',
        alertLostPercent: '101',
        chatRetentionMs: '0.5',
      }),
    ).toEqual({
      unstableFailures: 'From 2 to 20.',
      alertCrashesPerHour: 'From 0 to 1000000.',
      alertLostPercent: 'From 0 % to 100 %.',
      chatRetentionMs: 'From 1 d to 3650 d.',
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

test('each setting is in one group, in the order in which faults are looked for', () => {
  const grouped = settingGroups.flatMap(({ settings }) => settings)
  expect(grouped.filter((setting) => setting !== 'isSignUpOpen')).toEqual(numberSettings)
  expect([...grouped].sort()).toEqual(Object.keys(defaultSettings).sort())
})
