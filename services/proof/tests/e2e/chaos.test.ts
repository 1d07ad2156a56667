import { isEverythingAsked } from '@rollcall/backend/isEverythingAsked'
import { expect, it } from 'vitest'
import { faultCount } from '../../src/report/chaosTables'
import { runChaos, type ChaosOptions } from '../../src/chaos/runChaos'
import type { Schedule } from '../../src/chaos/schedule/Schedule'

/** More than alone: other files of tests run beside this one. Milliseconds. */
const SLACK_MS = 5_000

const options: ChaosOptions = {
  ...{ seed: 1, seconds: 12, totalSeconds: 12, light: 4, real: 0, faultsPerSecond: 2, slackMs: SLACK_MS },
  ...{ kinds: undefined, schedule: undefined, bug: undefined, shrinks: false },
  ...{ say: () => {}, onRound: () => {}, signal: new AbortController().signal },
}

/** Whoever starts while its backend is away comes up when that is back: an attempt to register was never over. */
const startedInVain: Schedule = {
  ...{ seed: 5, light: 2, real: 0, lengthMs: 32_000, chats: [] },
  faults: [
    { atMs: 500, fault: { kind: 'backend', how: 'restart', forMs: 6_000 } },
    { atMs: 700, fault: { kind: 'signal', slot: 0, to: 'supervisor', signal: 'SIGTERM' } },
    { atMs: 900, fault: { kind: 'kill', slot: 1, targets: ['supervisor', 'worker'] } },
  ],
}

it.runIf(isEverythingAsked)(
  'faults by the seed leave no status wrong, no message lost or doubled, and no process behind',
  async () => {
    const result = await runChaos(options)
    expect(result.violations, result.evidence).toEqual([])
    expect(faultCount(result)).toBeGreaterThan(8)
    expect(result.messages).toBeGreaterThan(5)
  },
  180_000,
)

it.runIf(isEverythingAsked)(
  'the minimal schedules of faults that were found stay without a violation',
  async () => {
    const result = await runChaos({ ...options, schedule: startedInVain })
    expect(result.violations, result.evidence).toEqual([])
  },
  180_000,
)
