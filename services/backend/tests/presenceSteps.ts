import fc from 'fast-check'

/** What can happen to three workers on two machines, one thing at a time. */
export type Step =
  | { do: 'register' | 'stop' | 'crash' | 'crashOfAnOlderRun' | 'hang' | 'revoke'; worker: number }
  | { do: 'beat'; worker: number; run: 'present' | 'previous' }
  | { do: 'pass'; seconds: number }
  | { do: 'sleep'; minutes: number }
  | { do: 'cron' }

const worker = fc.nat({ max: 2 })
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('register' as const), worker }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('stop' as const), worker }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('crash' as const, 'crashOfAnOlderRun' as const), worker }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke' as const), worker }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hang' as const), worker }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('beat' as const),
      worker,
      run: fc.constantFrom('present' as const, 'present' as const, 'previous' as const),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: fc.integer({ min: 1, max: 100 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('sleep' as const), minutes: fc.integer({ min: 3, max: 60 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cron' as const) }) },
)
