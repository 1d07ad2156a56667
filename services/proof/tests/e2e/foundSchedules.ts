import type { Fault, PlannedFault, Schedule } from '../../src/chaos/schedule/Schedule'

/** One schedule for each fault that chaos found in Rollcall: each breaks its rule again where the fault is put back, the first one with luck. */

const HOUR_MS = 3_600_000
const slots = [0, 1, 2, 3, 4, 5]

const at = (atMs: number, fault: Fault): PlannedFault => ({ atMs, fault })
const ofLight = (light: number, lengthMs: number, faults: PlannedFault[]): Schedule => ({
  ...{ seed: 5, light, real: 0, lengthMs, chats: [] },
  faults: faults.sort((one, other) => one.atMs - other.atMs),
})

/** Whoever starts while its backend is away comes up when that is back: an attempt to register was never over where its time limit was collected with the garbage. */
const startedInVain = ofLight(2, 32_000, [
  at(500, { kind: 'backend', how: 'restart', forMs: 6_000 }),
  at(700, { kind: 'signal', slot: 0, to: 'supervisor', signal: 'SIGTERM' }),
  at(900, { kind: 'kill', slot: 1, targets: ['supervisor', 'worker'] }),
])

/** Whom a full disk keeps from registering tries again: it ended for good. */
const refusedByDisk = ofLight(2, 22_000, [
  at(500, { kind: 'backend', how: 'full-disk', forMs: 10_000 }),
  at(1_000, { kind: 'kill', slot: 0, targets: ['worker'] }),
  at(1_500, { kind: 'kill', slot: 1, targets: ['supervisor', 'worker'] }),
])

/** Nobody is shown an answer that the disk then takes back. */
const takenBackByDisk: Schedule = {
  ...ofLight(4, 12_000, [at(1_000, { kind: 'backend', how: 'full-disk', forMs: 3_000 })]),
  chats: Array.from({ length: 16 }, (_, chat) => ({
    ...{ atMs: 200 + chat * 90, slot: chat % 4, words: 12, isNew: chat < 8 },
  })),
}

/**
 * What a guard leaves when it is killed is ended by its worker, whatever happens to the clock meanwhile: it was left, and stayed when
 * another process had taken over.
 */
const clockSetWhileSwept = ofLight(
  slots.length,
  26_000,
  slots.flatMap((slot) => [
    at(500, { kind: 'kill', slot, targets: ['guard'] }),
    ...Array.from({ length: 20 }, (_, jump) =>
      at(504 + jump * 4, { kind: 'clock', slot, byMs: HOUR_MS } as const),
    ),
    at(11_500, { kind: 'duplicate', slot }),
  ]),
)

export const foundSchedules: Record<string, Schedule> = {
  ...{ startedInVain, refusedByDisk, takenBackByDisk, clockSetWhileSwept },
}
