import type { api } from '@rollcall/backend/api'
import { SECOND } from '@rollcall/backend/contract'
import type { FunctionReturnType } from 'convex/server'
import type { Reading } from '../connection/ServerClock'

/** What the backend says of its sweep. Times in ms since 1970, server time. */
export type DetectorState = FunctionReturnType<typeof api.detector.state>

export type Grace = NonNullable<DetectorState['grace']>

/** How the detector does. `unknown` until the server has told its time. */
export type Detector =
  | { kind: 'unknown' }
  | { kind: 'on time' }
  | { kind: 'grace'; grace: Grace }
  | { kind: 'late'; since: number }

/** A sweep that comes this much after it was due is only a busy backend. */
const TOLERANCE = 10 * SECOND

/** Compares what the sweep planned with the server's time. */
export function judgeDetector(state: DetectorState | undefined, { kind, now }: Reading): Detector {
  if (state === undefined || kind === 'guessed') return { kind: 'unknown' }
  const { nextRunAt, grace } = state
  if (nextRunAt !== null && now - nextRunAt > TOLERANCE) return { kind: 'late', since: nextRunAt }
  if (grace !== null && grace.until > now) return { kind: 'grace', grace }
  return { kind: 'on time' }
}
