import { createHash } from 'node:crypto'
import type { Identity } from '../../engine/types'
import { soleArgument, type Calls, type SubscribedRun } from '../Calls'
import type { Turns } from '../Turns'
import type { AddQuery } from './clientMessage'
import { encodeAnswer, encodeRemoval } from './encodeTransition'

export interface StateVersion {
  querySet: number
  ts: bigint
  identity: number
}

/** From one consistent state of one client's queries to the next. */
export interface ComputedTransition {
  start: StateVersion
  end: StateVersion
  /** Each already encoded. */
  modifications: string[]
}

interface LiveQuery {
  readonly request: AddQuery
  journal: string | null
  /** Ends the watch over what it read. */
  forget: () => void
  /** The first commit that its last answer does not know. */
  invalidatedAt: bigint | null
  /** Under which conditions (identity, functions) it last ran; see `LiveQueries.conditions`. */
  ranUnder: number
  /** Digest of the answer that the client has. */
  sent: string | null
}

const NEVER = -1

/**
 * The queries that one client is subscribed to, and the version of their answers that it has seen. Every transition shows all
 * of them at one timestamp: a query is run again only when a commit touched what it read, or who asks or what runs has changed.
 */
export class LiveQueries {
  /** Called within a commit that makes an answer out of date. */
  onTouched: () => void = () => undefined
  private readonly queries = new Map<number, LiveQuery>()
  private removed: number[] = []
  private seen: StateVersion = { querySet: 0, ts: 0n, identity: 0 }
  private wanted = { querySet: 0, identity: 0 }
  private identity: Identity = { kind: 'none' }
  /** Counts changes that make every answer worthless: another identity, other functions. */
  private conditions = 0
  private transitionOwed = false
  private floor = 0n

  constructor(
    private readonly calls: Calls,
    private readonly latestTs: () => bigint,
    /** Shared with all other clients. */
    private readonly turns: Turns,
  ) {}

  /** The versions that the next message of the client must build upon. */
  get received(): Readonly<{ querySet: number; identity: number }> {
    return this.wanted
  }

  add(request: AddQuery): void {
    const journal = request.journal ?? null
    const fresh = { request, journal, invalidatedAt: null, ranUnder: NEVER, sent: null }
    this.queries.set(request.queryId, { ...fresh, forget: () => undefined })
  }

  remove(queryId: number): void {
    this.queries.get(queryId)?.forget()
    if (this.queries.delete(queryId)) this.removed.push(queryId)
  }

  /** Nobody is left to be told anything. */
  close(): void {
    for (const query of this.queries.values()) query.forget()
    this.queries.clear()
  }

  setQuerySetVersion(version: number): void {
    this.wanted.querySet = version
  }

  setIdentity(identity: Identity, version: number): void {
    this.identity = identity
    this.wanted.identity = version
    this.conditions += 1
  }

  /** After the functions were exchanged. */
  rerunAll(): void {
    this.conditions += 1
  }

  /** A client waits for a transition before it believes that its mutation is done, even if nothing changed for it. */
  oweTransition(): void {
    this.transitionOwed = true
  }

  /** No transition may end before this timestamp, since the client has seen it on an earlier connection. */
  neverBefore(ts: bigint): void {
    this.floor = ts
  }

  get needsTransition(): boolean {
    if (this.transitionOwed || this.removed.length > 0) return true
    if (this.wanted.querySet !== this.seen.querySet || this.wanted.identity !== this.seen.identity)
      return true
    return [...this.queries.values()].some((query) => this.isStale(query, this.conditions, null))
  }

  /** Must not be called again before it resolved. The caller sends what it answers before it asks for the next one. */
  async nextTransition(): Promise<ComputedTransition> {
    const included = [...this.queries.values()]
    const { conditions, identity } = this
    const target = { ...this.wanted }
    const modifications = this.removed.map(encodeRemoval)
    this.removed = []
    this.transitionOwed = false

    let ts = later(this.latestTs(), this.seen.ts)
    const answers = new Map<LiveQuery, SubscribedRun>()
    let stale = included.filter((query) => this.isStale(query, conditions, null))
    while (stale.length > 0) {
      const rerun = async (query: LiveQuery) => {
        const run = await this.run(query, identity)
        query.ranUnder = conditions
        ts = later(ts, run.ts)
        answers.set(query, run)
      }
      await Promise.all(stale.map(rerun))
      // An answer holds at `ts` unless something between its snapshot and `ts` touched it.
      stale = included.filter((query) => this.isStale(query, conditions, ts))
    }
    for (const [query, run] of answers) {
      const digest = digestOf(run)
      if (digest === query.sent) continue
      query.sent = digest
      modifications.push(encodeAnswer(query.request.queryId, run))
    }
    const start = this.seen
    this.seen = { ...target, ts: later(ts, this.floor) }
    return { start, end: this.seen, modifications }
  }

  private async run(query: LiveQuery, identity: Identity): Promise<SubscribedRun> {
    const { udfPath: path, args, componentPath, queryId } = query.request
    const call = { path, componentPath, args: soleArgument(args), identity, journal: query.journal }
    query.forget()
    const run = await this.turns.run(() => this.calls.query(call))
    query.journal = run.journal
    query.invalidatedAt = null
    const isWanted = this.queries.get(queryId) === query
    if (isWanted) query.forget = this.calls.watch(run, (ts) => this.touched(query, ts))
    return run
  }

  private touched(query: LiveQuery, ts: bigint): void {
    query.invalidatedAt = ts
    this.onTouched()
  }

  /** Whether the answer is not that of timestamp `at` (`null`: of now). */
  private isStale(query: LiveQuery, conditions: number, at: bigint | null): boolean {
    if (query.ranUnder < conditions) return true
    return query.invalidatedAt !== null && (at === null || query.invalidatedAt <= at)
  }
}

/** Of what makes an answer another one: log lines do not. */
function digestOf({ outcome, journal }: SubscribedRun): string {
  const answer =
    outcome.kind === 'ok' ? outcome.json : JSON.stringify([outcome.errorMessage, outcome.errorData ?? null])
  return createHash('sha256').update(`${outcome.kind} ${journal} ${answer}`).digest('base64')
}

function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
