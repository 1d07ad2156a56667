import { defaultSettings } from '@rollcall/backend/contract'
import { expect, test } from 'vitest'
import { readOverrides } from '../src/machine/readOverrides'

const read = (staleThresholdMs: string, shutdownTimeoutMs: string, heartbeatIntervalMs = 30_000) =>
  readOverrides({ staleThresholdMs, shutdownTimeoutMs }, { ...defaultSettings, heartbeatIntervalMs })

test.each([
  ['', '', {}],
  ['', ' 20 ', { shutdownTimeoutMs: 20_000 }],
  ['60', ' ', { staleThresholdMs: 60_000 }],
  ['600.5', '20', { staleThresholdMs: 600_500, shutdownTimeoutMs: 20_000 }],
])('“%s” as a machine’s stale threshold and “%s” as its shutdown timeout', (stale, shutdown, overrides) => {
  expect(read(stale, shutdown)).toEqual({ kind: 'overrides', overrides })
})

test.each([
  ['', '0.4', { shutdownTimeoutMs: 'From 500 ms to 10 min.' }],
  ['', 'long', { shutdownTimeoutMs: 'Type a number of seconds, such as 10.' }],
  ['3601', '', { staleThresholdMs: 'From 100 ms to 1 h.' }],
  ['59', '20', { staleThresholdMs: 'At least twice the heartbeat interval: 1 min or more.' }],
  [
    'soon',
    '700',
    {
      staleThresholdMs: 'Type a number of seconds, such as 90.',
      shutdownTimeoutMs: 'From 500 ms to 10 min.',
    },
  ],
])('“%s” and “%s” break a rule, said at the field', (stale, shutdown, faults) => {
  expect(read(stale, shutdown)).toEqual({ kind: 'faults', faults })
})

test('the deployment’s heartbeat interval decides how short a threshold may be', () => {
  expect(read('2', '', 1_000)).toEqual({ kind: 'overrides', overrides: { staleThresholdMs: 2_000 } })
  expect(read('60', '', 40_000)).toMatchObject({
    faults: { staleThresholdMs: 'At least twice the heartbeat interval: 80 s or more.' },
  })
})
