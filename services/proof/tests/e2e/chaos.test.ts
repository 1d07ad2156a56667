import { isEverythingAsked } from '@rollcall/backend/isEverythingAsked'
import { expect, it } from 'vitest'
import { faultCount } from '../../src/report/chaosTables'
import { runChaos, type ChaosOptions } from '../../src/chaos/runChaos'
import { foundSchedules } from './foundSchedules'

/** More than alone: other files of tests run beside this one. Milliseconds. */
const SLACK_MS = 5_000

const options: ChaosOptions = {
  ...{ seed: 1, seconds: 12, totalSeconds: 12, light: 4, real: 0, faultsPerSecond: 2, slackMs: SLACK_MS },
  ...{ kinds: undefined, schedule: undefined, bug: undefined, shrinks: false },
  ...{ say: () => {}, onRound: () => {}, signal: new AbortController().signal },
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

it.runIf(isEverythingAsked).each(Object.entries(foundSchedules))(
  'the schedule of a fault that was found stays without a violation: %s',
  async (_name, schedule) => {
    const result = await runChaos({ ...options, schedule })
    expect(result.violations, result.evidence).toEqual([])
    expect(faultCount(result)).toBeGreaterThan(0)
  },
  180_000,
)
