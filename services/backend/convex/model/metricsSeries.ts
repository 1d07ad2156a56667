/** The numbers that are kept of the fleet, by name. The names are stored: renaming one begins it anew. */
import type { Infer } from 'convex/values'
import type { Doc } from '../_generated/dataModel'
import { grace, offlineReason, phase } from './validators'

export const phases = phase.members.map(({ value }) => value)
export const offlineReasons = offlineReason.members.map(({ value }) => value)
export const graceCauses = grace.fields.cause.members.map(({ value }) => value)

/** Ends whose detection takes time: the others are told by whoever ends. */
export const detectedReasons = ['crashed', 'stale'] as const
export type DetectedReason = (typeof detectedReasons)[number]

/**
 * Upper bounds of the detection histogram, seconds. A crash is promised to be known within 1 s, two processes ended at once
 * within 2 s, a loss within 92 s of the last heartbeat.
 */
export const detectionBounds = [0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 91, 92, 100, 120, 180, 300] as const

export const outcomes = ['completed', 'failed', 'interrupted'] as const

/** Why a worker is offline: `new` has never been online, `revoked` lost its token. One that was revoked itself is counted nowhere. */
export const restReasons = ['new', ...offlineReasons] as const

/** What a worker is, for the gauge. */
export type Standing = `online.${Infer<typeof phase>}` | `offline.${(typeof restReasons)[number]}` | 'pending'

export type Series =
  | `workers.${Standing}`
  | 'unstable'
  | `transitions.${'online' | 'recovered' | `offline.${Infer<typeof offlineReason>}`}`
  | `ends.${'hung' | 'draining'}`
  | `detected.${DetectedReason}.${(typeof detectionBounds)[number] | 'beyond' | 'ms'}`
  | `sweeps.${'marked' | 'workers' | Infer<typeof grace.fields.cause>}`
  | 'sessions.active'
  | `answers.${'queued' | (typeof outcomes)[number]}`

/** Undefined for a worker that is gone or was revoked. */
export function standingOf(
  worker: Pick<Doc<'workers'>, 'approval' | 'status' | 'phase' | 'offline'> | null,
): Standing | undefined {
  if (worker === null || worker.approval === 'revoked') return undefined
  if (worker.approval === 'pending') return 'pending'
  if (worker.status === 'online') return `online.${worker.phase ?? 'starting'}`
  return `offline.${worker.offline?.reason ?? 'new'}`
}
