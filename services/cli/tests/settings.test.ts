import { defaultSettings } from '@rollcall/backend/contract'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../src/errors'
import { parseChanges } from '../src/settings/parseChanges'
import { renderSettings, settingsHelp } from '../src/settings/renderSettings'

function mistakesOf(...typed: string[]): readonly string[] {
  try {
    parseChanges(typed)
  } catch (error) {
    if (error instanceof UsageError && error.exitCode === 2) return error.lines
    throw error
  }
  return []
}

describe('parseChanges', () => {
  it('takes several settings, times with a unit or in milliseconds', () => {
    expect(
      parseChanges([
        'heartbeatIntervalMs=10s',
        'staleThresholdMs=2min',
        'shutdownTimeoutMs=1500ms',
        'requestTimeoutMs=60000',
        'isSignUpOpen=true',
      ]),
    ).toEqual({
      heartbeatIntervalMs: 10_000,
      staleThresholdMs: 120_000,
      shutdownTimeoutMs: 1_500,
      requestTimeoutMs: 60_000,
      isSignUpOpen: true,
    })
  })

  it('takes days, counts, and percentages with or without their sign', () => {
    expect(
      parseChanges([
        ...['eventRetentionMs=30d', 'unstableFailures=3', 'alertCrashesPerHour=0'],
        ...['alertGracefulPercent=90%', 'alertLostPercent=50'],
      ]),
    ).toEqual({
      ...{ eventRetentionMs: 2_592_000_000, unstableFailures: 3, alertCrashesPerHour: 0 },
      ...{ alertGracefulPercent: 90, alertLostPercent: 50 },
    })
    const time = 'eventRetentionMs must be a time such as 30s, 2min, 90d or 1500ms: eventRetentionMs=90d'
    expect(mistakesOf('eventRetentionMs=30%')).toEqual([time])
  })

  it.each(['', '5s', '-1', '1.5', '5%', '1e3', '9'.repeat(20)])('“%s” is no count', (typed) => {
    expect(mistakesOf(`unstableFailures=${typed}`)).toEqual([
      'unstableFailures must be a whole number such as 5: unstableFailures=5',
    ])
  })

  it.each(['', '%', '95%%', '9.5%', '-5%', '5min'])('“%s” is no percentage', (typed) => {
    expect(mistakesOf(`alertLostPercent=${typed}`)).toEqual([
      'alertLostPercent must be a whole number of percent such as 20 or 20%: alertLostPercent=20%',
    ])
  })

  it('names every mistake in a line of its own', () => {
    expect(
      mistakesOf('heartbeat=10s', 'staleThresholdMs', 'shutdownTimeoutMs=soon', 'isSignUpOpen=maybe'),
    ).toEqual([
      expect.stringMatching(/no setting “heartbeat”\. There are heartbeatIntervalMs, .*alertRetentionMs\.$/),
      expect.stringMatching(/^staleThresholdMs must be a time such as 30s/),
      expect.stringMatching(/^shutdownTimeoutMs must be a time such as 30s/),
      expect.stringMatching(/^isSignUpOpen must be true or false/),
    ])
    expect(mistakesOf('toString=1', 'isSignUpOpen=true=false')).toHaveLength(2)
  })

  it('refuses to guess which of two is meant', () => {
    expect(mistakesOf('isSignUpOpen=false', 'isSignUpOpen=true')).toEqual(['isSignUpOpen is given twice.'])
  })
})

describe('renderSettings', () => {
  it('tells the default where the value is another', () => {
    const changed = { shutdownTimeoutMs: 1_500, alertCrashesPerHour: 0, alertLostPercent: 30 }
    expect(renderSettings({ ...defaultSettings, ...changed })).toBe(
      [
        'heartbeatIntervalMs   30 s',
        'staleThresholdMs      90 s',
        'shutdownTimeoutMs     1500 ms  (default: 10 s)',
        'isSignUpOpen          false',
        'requestTimeoutMs      10 min',
        'unstableFailures      5',
        'alertCrashesPerHour   0 (off)  (default: 10)',
        'alertTimeoutsPerHour  1',
        'alertGracefulPercent  95 %',
        'alertLostPercent      30 %  (default: 20 %)',
        'eventRetentionMs      90 d',
        'chatRetentionMs       365 d',
        'alertRetentionMs      90 d',
      ].join('\n'),
    )
  })
})

describe('the help names', () => {
  it.each(Object.keys(defaultSettings))('%s', (name) => {
    expect(settingsHelp()).toContain(`\n  ${name} `)
  })

  it.each([
    '(500 ms to 10 min; default: 10 s)',
    '(1 d to 3650 d; default: 365 d)',
    '(2 to 20; default: 5)',
    '(0 to 1000000; default: 10)',
    '(0 % to 100 %; default: 95 %)',
  ])('what a setting may be and its default: %s', (range) => {
    expect(settingsHelp()).toContain(range)
  })
})
