import type { networks, Role } from '../schedule/Schedule'
import type { Span } from './Spans'

/** One process as it really was: seen in `/proc` ten times a second, and known better where a fault did it. Times as in `Span`. */
export interface ProcessTruth {
  pid: number
  role: Role
  bornAt: number
  /** Certainly alive until then. */
  aliveAt: number
  /** Certainly dead from then on; absent while it lives. */
  deadAt?: number
  /** It stood still, or its event loop was blocked. */
  frozen: Span[]
  /** Of a worker: it may end from then on, and its supervisor may start another: it was told to stop by itself, or has a bug. */
  askedAt?: number
  /** It was hurt by a fault: killed, stopped or signalled. */
  hurtAt?: number
}

/** One start of a token: the processes that came of it. */
export interface RunTruth {
  startedAt: number
  launcher?: ProcessTruth
  supervisor?: ProcessTruth
  workers: ProcessTruth[]
  guards: ProcessTruth[]
  opencodes: ProcessTruth[]
  /** From then on it may end for good: its supervisor was told to stop. */
  askedAt?: number
}

export type NetworkSpan = Span & { network: (typeof networks)[number] }

/** What the page shows of a worker, and from when to when; `to` absent: it still does. */
export interface Claim extends Span {
  status: 'online' | 'offline'
  phase?: string
  /** The process that it names. */
  pid?: number
  epoch: number
  reason?: string
}

/** A worker of the roll: what was said of it, and what was. */
export interface WorkerHistory {
  name: string
  claims: readonly Claim[]
  runs: readonly RunTruth[]
  /** Between its processes and the backend. */
  network: readonly NetworkSpan[]
  revokedAt?: number
}

/**
 * When the launcher was gone for certain, if its supervisor has to mind: it notes who is above it when it starts, before it starts a
 * worker, so one that was orphaned before that has no launcher.
 */
export function launcherGoneAt({ launcher, workers }: RunTruth): number | undefined {
  const wasNoted = workers.some(({ bornAt }) => launcher !== undefined && bornAt <= launcher.aliveAt)
  return wasNoted ? launcher?.deadAt : undefined
}

/** When a worker was told to stop, by itself or with its whole run. */
export function askedAtOf(run: RunTruth, process: ProcessTruth): number | undefined {
  const at = Math.min(run.askedAt ?? Infinity, process.askedAt ?? Infinity)
  return at === Infinity ? undefined : at
}

/** The other starts of its token that a run was not alone with: each of them may take its place, whichever registers last. */
export function rivalsOf(run: RunTruth, runs: readonly RunTruth[]): RunTruth[] {
  const endOf = ({ launcher, supervisor, workers }: RunTruth) =>
    Math.max(...[launcher, supervisor, ...workers].map((each) => (each ? (each.deadAt ?? Infinity) : 0)))
  return runs.filter((other) => other !== run && other.startedAt < endOf(run) && run.startedAt < endOf(other))
}

/** What concerned everybody. */
export interface FleetHistory {
  /** The backend was down, stood still or could not write. */
  backend: readonly Span[]
  /** Graces as the page's query told of them; `to`: when they end. */
  graces: readonly Span[]
}

export interface Violation {
  rule:
    | 'online though dead'
    | 'online though silent'
    | 'online though stopped'
    | 'not shown as hung'
    | 'offline though alive'
    | 'brought back to life'
    | 'epoch went back'
    | 'unknown process'
    | 'goes on though asked to end'
    | 'ended for no reason'
    | 'machine disagrees'
    | 'orphan'
    | 'message'
    | 'transition'
    | 'not settled'
  worker: string
  at: number
  text: string
}
