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

  it('names every mistake in a line of its own', () => {
    expect(
      mistakesOf('heartbeat=10s', 'staleThresholdMs', 'shutdownTimeoutMs=soon', 'isSignUpOpen=maybe'),
    ).toEqual([
      expect.stringMatching(/no setting “heartbeat”\. There are heartbeatIntervalMs, .*requestTimeoutMs\.$/),
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
    expect(renderSettings({ ...defaultSettings, shutdownTimeoutMs: 1_500 })).toBe(
      [
        'heartbeatIntervalMs  30 s',
        'staleThresholdMs     90 s',
        'shutdownTimeoutMs    1500 ms  (default: 10 s)',
        'isSignUpOpen         false',
        'requestTimeoutMs     10 min',
      ].join('\n'),
    )
  })
})

it('the help names each setting with what it may be and its default', () => {
  for (const name of Object.keys(defaultSettings)) expect(settingsHelp()).toContain(`\n  ${name} `)
  expect(settingsHelp()).toContain('(500 ms to 10 min; default: 10 s)')
})
