import { createHash } from 'node:crypto'
import type { Commit, Identity, ReadSet } from '../../engine/types'
import { soleArgument, type Calls, type SubscribedRun } from '../Calls'
import type { Turns } from '../Turns'
import type { AddQuery } from './clientMessage'
import type { StateModification, WireVersion } from './serverMessage'
import { encodeTimestamp } from './timestamp'

export interface StateVersion {
  querySet: number
  ts: bigint
  identity: number
}

/** From one consistent state of one client's queries to the next. */
export interface ComputedTransition {
  start: StateVersion
  end: StateVersion
  modifications: StateModification[]
}

interface LiveQuery {
  readonly request: AddQuery
  journal: string | null
  /** `null`: nothing that is committed changes its answer. */
  reads: ReadSet | null
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
  private readonly queries = new Map<number, LiveQuery>()
  private removed: number[] = []
  private seen: StateVersion = { querySet: 0, ts: 0n, identity: 0 }
  private wanted = { querySet: 0, identity: 0 }
  private identity: Identity = { kind: 'none' }
  /** Counts changes that make every answer worthless: another identity, other functions. */
  private conditions = 0
  private transitionOwed = false
  private floor = 0n
  /** While queries run their new read sets are unknown, so what is committed meanwhile is checked afterwards. */
  private commitsWhileRunning: Commit[] | null = null

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
    const fresh = { request, journal, reads: null, invalidatedAt: null, ranUnder: NEVER, sent: null }
    this.queries.set(request.queryId, fresh)
  }

  remove(queryId: number): void {
    if (this.queries.delete(queryId)) this.removed.push(queryId)
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

  /** Called within every commit; whether the client needs a transition now. */
  onCommit(commit: Commit): boolean {
    this.commitsWhileRunning?.push(commit)
    let touched = false
    for (const query of this.queries.values()) {
      if (query.invalidatedAt !== null || !this.calls.touches(query, commit)) continue
      query.invalidatedAt = commit.ts
      touched = true
    }
    return touched
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
    const modifications: StateModification[] = this.removed.map((queryId) => ({
      type: 'QueryRemoved',
      queryId,
    }))
    this.removed = []
    this.transitionOwed = false

    let ts = later(this.latestTs(), this.seen.ts)
    const answers = new Map<LiveQuery, SubscribedRun>()
    let stale = included.filter((query) => this.isStale(query, conditions, null))
    while (stale.length > 0) {
      for (const [query, run] of await this.runAll(stale, identity)) {
        query.ranUnder = conditions
        ts = later(ts, run.ts)
        answers.set(query, run)
      }
      // An answer holds at `ts` unless something between its snapshot and `ts` touched it.
      stale = included.filter((query) => this.isStale(query, conditions, ts))
    }
    for (const [query, run] of answers) {
      const modification = toModification(query.request.queryId, run)
      const digest = digestOf(modification)
      if (digest === query.sent) continue
      query.sent = digest
      modifications.push(modification)
    }
    const start = this.seen
    this.seen = { ...target, ts: later(ts, this.floor) }
    return { start, end: this.seen, modifications }
  }

  private async runAll(queries: LiveQuery[], identity: Identity): Promise<[LiveQuery, SubscribedRun][]> {
    const commits: Commit[] = (this.commitsWhileRunning = [])
    const runs = await Promise.all(
      queries.map(async (query): Promise<[LiveQuery, SubscribedRun]> => {
        const { udfPath: path, args, componentPath } = query.request
        const call = { path, componentPath, args: soleArgument(args), identity, journal: query.journal }
        return [query, await this.turns.run(() => this.calls.query(call))]
      }),
    )
    this.commitsWhileRunning = null
    for (const [query, run] of runs) {
      query.reads = run.reads
      query.journal = run.journal
      const missed = commits.find((commit) => commit.ts > run.ts && this.calls.touches(run, commit))
      query.invalidatedAt = missed?.ts ?? null
    }
    return runs
  }

  /** Whether the answer is not that of timestamp `at` (`null`: of now). */
  private isStale(query: LiveQuery, conditions: number, at: bigint | null): boolean {
    if (query.ranUnder < conditions) return true
    return query.invalidatedAt !== null && (at === null || query.invalidatedAt <= at)
  }
}

function toModification(queryId: number, { outcome, journal }: SubscribedRun): StateModification {
  const { logLines } = outcome
  if (outcome.kind === 'ok') return { type: 'QueryUpdated', queryId, value: outcome.value, logLines, journal }
  const { errorMessage, errorData } = outcome
  return {
    type: 'QueryFailed',
    queryId,
    errorMessage,
    ...(errorData === undefined ? {} : { errorData }),
    logLines,
    journal,
  }
}

/** Log lines do not make an answer another one. */
function digestOf(modification: StateModification): string {
  const answer = JSON.stringify({ ...modification, logLines: [] })
  return createHash('sha256').update(answer).digest('base64')
}

function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

/** As a message carries it. */
export function toWire({ querySet, ts, identity }: StateVersion): WireVersion {
  return { querySet, ts: encodeTimestamp(ts), identity }
}
