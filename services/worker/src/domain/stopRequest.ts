import type { ErrorPayload, StopCause } from '@rollcall/backend/contract'
import { exitCodes } from './exitCodes'

export const stopSignals = ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGHUP'] as const
export type StopSignal = (typeof stopSignals)[number]

export type CrashCause = Extract<
  StopCause,
  'uncaughtException' | 'unhandledRejection' | 'opencode-failed' | 'startup-failed'
>

type CrashCode = (typeof exitCodes)['failed' | 'misconfigured']

/** Why a worker stops, with what each reason needs to be carried out and explained. */
export type StopRequest =
  /** Somebody asked: drain, then tell the backend. */
  | { kind: 'asked'; cause: Exclude<StopCause, CrashCause> }
  /** It cannot go on: the same drain, reported as a crash. `misconfigured` if a person has to change something. */
  | { kind: 'crashed'; cause: CrashCause; message: string; exitCode: CrashCode }
  /** A newer process of this worker took over: the status is no longer ours to touch. */
  | { kind: 'superseded'; successor: ErrorPayload['successor'] }
  | { kind: 'revoked' }
  /** The backend will not have this worker at all (unknown, wrong secret) or there is none: nothing to report to. */
  | { kind: 'refused'; message: string }

/** Whether the process is to be started again at once. */
export function wantsRestart(request: StopRequest): boolean {
  return request.kind === 'asked' && request.cause === 'restart-requested'
}

/** One word for logs. */
export function causeOf(request: StopRequest): string {
  switch (request.kind) {
    case 'asked':
    case 'crashed':
      return request.cause
    case 'superseded':
    case 'revoked':
    case 'refused':
      return request.kind
    default:
      return request satisfies never
  }
}

/** What a refused call means for the whole process; undefined if it goes on. */
export function stopForRefusal({ code, message, successor }: ErrorPayload): StopRequest | undefined {
  if (code === 'SUPERSEDED') return { kind: 'superseded', successor }
  if (code === 'WORKER_REVOKED') return { kind: 'revoked' }
  const isOfTheToken = code === 'WORKER_UNKNOWN' || code === 'WRONG_SECRET' || code === 'TOKEN_EXPIRED'
  return isOfTheToken ? { kind: 'refused', message } : undefined
}

/** What the process exits with when its drain is complete. */
export function exitCodeOf(request: StopRequest): number {
  switch (request.kind) {
    case 'asked':
      return exitCodes.drained
    case 'crashed':
      return request.exitCode
    case 'superseded':
      return exitCodes.superseded
    case 'revoked':
      return exitCodes.revoked
    case 'refused':
      return exitCodes.misconfigured
    default:
      return request satisfies never
  }
}

/** Whether the backend knows of the stop. `untold`: it could not be reached, and will see by the missing heartbeats. */
export type Farewell = 'told' | 'untold' | 'not-needed'
