import { randomInt } from 'node:crypto'
import { inspect } from 'node:util'
import type { StoredDocument } from '../store/StoredDocument'
import type { Transaction } from '../store/Transaction'
import type { Caller, Identity } from '../types'
import type { LogLevel } from './createRealm'
import { normalisePath } from './LoadedFunctions'
import { requestFrom, type RequestMetadata } from './RequestMetadata'

export interface LogLine {
  level: LogLevel
  messages: string[]
  /** Ms since 1970. */
  timestamp: number
}

/** What all functions of one transaction share: its clock stands still, its randomness is seeded. */
export interface Deterministic {
  transaction: Transaction
  /** Ms since 1970. */
  now: number
  random(): number
}

interface Running {
  path: string
  identity: Identity
  request: RequestMetadata
  lines: LogLine[]
  /** Set when the function has answered: what it left running may do nothing any more. */
  ended: boolean
}

/** One function call in progress. Syscalls find theirs through `RunningFunctions`. */
export type Frame = TransactionFrame | ActionFrame

export interface TransactionFrame extends Running {
  kind: 'query' | 'mutation'
  shared: Deterministic
  streams: Map<number, Iterator<StoredDocument, void>>
  /** The nested calls in progress, one after another; other syscalls of this frame wait for them. */
  nested: Promise<unknown> | null
  /** Where the page of an earlier run of the same query ended. */
  journal: string | null
  /** Where the page of this run ended; null before `.paginate` was called. */
  pageEnd: string | null
}

export interface ActionFrame extends Running {
  kind: 'action' | 'httpAction'
}

/** Who calls, and as part of which request. */
export type CallerInRequest = Caller & { request?: RequestMetadata }

export function transactionFrame(
  kind: 'query' | 'mutation',
  { path, identity, source, request = requestFrom(source) }: CallerInRequest & { path: string },
  { shared, journal, lines = [] }: Pick<TransactionFrame, 'shared' | 'journal'> & { lines?: LogLine[] },
): TransactionFrame {
  const streams: TransactionFrame['streams'] = new Map()
  return {
    kind,
    path: normalisePath(path),
    identity,
    request,
    lines,
    ended: false,
    shared,
    streams,
    nested: null,
    journal,
    pageEnd: null,
  }
}

export function actionFrame(
  kind: ActionFrame['kind'],
  { identity, source, request = requestFrom(source) }: CallerInRequest,
  path: string,
): ActionFrame {
  return { kind, path, identity, request, lines: [], ended: false }
}

export function deterministic(transaction: Transaction): Deterministic {
  return { transaction, now: Date.now(), random: seededRandom(() => randomInt(2 ** 32)) }
}

/** Convex keeps this many lines of one call. */
const MAX_LINES = 256

export function logToFrame(frame: Frame, level: LogLevel, messages: unknown[]): void {
  if (frame.lines.length >= MAX_LINES) return
  const printed = messages.map((message) => inspect(message, { depth: 5, breakLength: Infinity }))
  frame.lines.push({ level, messages: printed, timestamp: Date.now() })
}

/** As the official backend prints a line to clients: `[LOG] 'text' { a: 1 }`. */
export function formatLine({ level, messages }: LogLine): string {
  return `[${level}] ${messages.join(' ')}`
}

/** Mulberry32: small, and good enough for what may not be a secret. `seed` is asked for by the first number: most transactions want none. */
function seededRandom(seed: () => number): () => number {
  let state: number | undefined
  return () => {
    state = ((state ?? seed()) + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
