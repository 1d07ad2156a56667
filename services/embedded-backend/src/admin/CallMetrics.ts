import type { Engine, LogEntry } from '../engine/types'
import { LatencyHistogram } from './LatencyHistogram'

/** What became of a function's calls since the start. Times: `At` in ms since 1970. */
export interface FunctionMetrics {
  path: string
  type: LogEntry['udfType']
  calls: number
  errors: number
  meanMs: number
  p50Ms: number
  p99Ms: number
  maxMs: number
  lastAt: number
  lastError: { at: number; message: string } | null
}

interface Tally {
  type: LogEntry['udfType']
  latency: LatencyHistogram
  calls: number
  errors: number
  lastAt: number
  lastError: FunctionMetrics['lastError']
}

/** Clients may call any name. Those of no function are counted together, and so are functions beyond so many. */
const MAX_FUNCTIONS = 2_000
const NO_FUNCTION = '(no such function)'
const MAX_MESSAGE = 500
const MS_PER_SECOND = 1_000

/**
 * Counts the calls of each function, whoever makes them: clients, other functions, the scheduler, crons. Takes a few hundred
 * bytes for each function that was ever called, however often it is.
 */
export class CallMetrics {
  /** Ms since 1970. */
  readonly since = Date.now()
  private readonly tallies = new Map<string, Tally>()
  readonly stop: () => void

  constructor(private readonly engine: Pick<Engine, 'onCall' | 'functionType'>) {
    this.stop = engine.onCall((call) => this.add(call))
  }

  all(): FunctionMetrics[] {
    return [...this.tallies].map(([path, tally]) => toMetrics(path, tally))
  }

  private add({ identifier, udfType, timestamp, executionTime, error }: LogEntry): void {
    const tally = this.tallyOf(identifier, udfType)
    const at = timestamp * MS_PER_SECOND
    const ms = executionTime * MS_PER_SECOND
    const message = error === null ? null : error.slice(0, MAX_MESSAGE)
    tally.calls++
    tally.latency.add(ms)
    tally.lastAt = at
    if (message === null) return
    tally.errors++
    tally.lastError = { at, message }
  }

  private tallyOf(path: string, type: LogEntry['udfType']): Tally {
    const known = this.tallies.get(path)
    if (known) return known
    const exists = type === 'HttpAction' || this.engine.functionType(path) !== undefined
    if (path !== NO_FUNCTION && (!exists || this.tallies.size >= MAX_FUNCTIONS))
      return this.tallyOf(NO_FUNCTION, type)
    const latency = new LatencyHistogram()
    const fresh = { type, latency, calls: 0, errors: 0, lastAt: 0, lastError: null }
    this.tallies.set(path, fresh)
    return fresh
  }
}

function toMetrics(path: string, { latency, ...tally }: Tally): FunctionMetrics {
  const { meanMs, maxMs } = latency
  return { path, ...tally, meanMs, p50Ms: latency.quantileMs(0.5), p99Ms: latency.quantileMs(0.99), maxMs }
}
