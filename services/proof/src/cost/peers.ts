import { nothing, type Cost } from './Cost'

/**
 * The system of the founding document (its public code of November 2025) with ten workers a machine, counted before on convex-test
 * with `.filter()` charged for what it scans. It is not a package, so it cannot be counted again here.
 */
export const founding = {
  source:
    'the public code of November 2025 of the system that the founding document is about, counted before on convex-test',
  heartbeat: { calls: 2, read: 14, written: 2, scheduled: 1 } satisfies Cost,
  /** Queries that run again for each heartbeat and viewer: two of the fleet, two of the machine. */
  reruns: 4,
  /** It scans the table. */
  idleSweep: (workers: number): Cost => ({ ...nothing, calls: 1, read: workers }),
  /** Counted for these only. */
  counted: {
    workers: 5_000,
    fiveStale: { calls: 1, read: 5_065, written: 10, scheduled: 5 } satisfies Cost,
    fleetListRead: 5_502,
    /** At a heartbeat each 30 s, with one viewer. */
    callsPerWorkerDay: 14_400,
  },
  allStale: 'fails above 1,000',
  sweepEveryMs: 120_000,
} as const

/** `@convex-dev/presence` is counted in the same run, but for this: its lists read nothing that a heartbeat writes. */
export const presenceReruns = 0
