import type { JSONValue } from 'convex/values'
import type { Logger } from 'pino'
import type { Answer } from './Answer'

/**
 * The border between the engine (store, functions, scheduler) and what speaks to the outside (protocol, admin).
 * Values cross it as Convex-encoded JSON (`convexToJson`), timestamps as bigint nanoseconds since 1970.
 */

/** Who calls. `attributes` are what `ctx.auth.getUserIdentity()` answers (tokenIdentifier, subject, issuer, claims …). */
export type Identity =
  | { kind: 'none' }
  | { kind: 'user'; attributes: UserAttributes }
  | { kind: 'admin'; actingAs?: UserAttributes }

export interface UserAttributes {
  tokenIdentifier: string
  subject: string
  issuer: string
  [claim: string]: JSONValue
}

/** The other end of a connection. */
export interface Peer {
  ip: string | null
  userAgent: string | null
}

/** Where a call comes from; `authToken` is the JWT that it was authenticated with, never one that was refused. */
export interface CallSource extends Peer {
  authToken: string | null
}

/** `path` is the canonical `folder/module:function` (`.js` suffixes and `api` style paths are normalised by the engine). */
export interface FunctionCall {
  path: string
  /** One arguments object, Convex-encoded. */
  args: JSONValue
  identity: Identity
  /** Absent for what the backend does by itself. */
  source?: CallSource
}

/** Who calls, and from where. */
export type Caller = Pick<FunctionCall, 'identity' | 'source'>

/** Never a rejection for what the function itself did: a thrown error is an outcome. Rejections are faults of the engine. */
export type Outcome =
  Answer | { kind: 'error'; errorMessage: string; errorData?: JSONValue; logLines: string[] }

/** What a query read: opaque to the protocol, which only has it watched. */
export interface ReadSet {
  readonly brand: 'ReadSet'
}

export interface QueryRun {
  outcome: Outcome
  /** The snapshot it read. */
  ts: bigint
  reads: ReadSet
  /** To be handed back when the same query of the same client runs again, so that paginated pages keep their ends. */
  journal: string | null
}

export interface MutationRun {
  outcome: Outcome
  /** The commit's timestamp; for a failed mutation the latest committed one. */
  ts: bigint
}

export type FunctionType = 'query' | 'mutation' | 'action' | 'httpAction'

/** As `_system/cli/modules:apiSpec` answers it; `identifier` is `folder/module.js:function`. */
export interface FunctionSpec {
  identifier: string
  functionType: 'Query' | 'Mutation' | 'Action' | 'HttpAction'
  visibility: { kind: 'public' | 'internal' }
  /** Validator JSON as Convex exports it. */
  args: JSONValue
  returns: JSONValue
}

/** One line of `convex logs`: a finished function call. Times: `timestamp` and `executionTime` in seconds. */
export interface LogEntry {
  kind: 'Completion'
  udfType: 'Query' | 'Mutation' | 'Action' | 'HttpAction'
  identifier: string
  timestamp: number
  executionTime: number
  logLines: { messages: string[]; level: string; timestamp: number; isTruncated: boolean }[]
  error: string | null
}

export interface TablePage {
  page: JSONValue[]
  isDone: boolean
  continueCursor: string
}

/** A scheduled function. Times in ms since 1970. */
export interface ScheduledFunction {
  id: string
  path: string
  args: JSONValue
  scheduledTime: number
  completedTime: number | null
  state: 'pending' | 'inProgress' | 'success' | 'failed' | 'canceled'
  error: string | null
}

/** A job of `crons.ts`. `nextRun` and `at` in ms since 1970; `lastRun` only since the start. */
export interface CronJob {
  name: string
  path: string
  /** As `crons.ts` exports it. */
  schedule: Record<string, JSONValue>
  nextRun: number | null
  lastRun: { at: number; ms: number; error: string | null } | null
}

/** `bytes`: about what the documents take as JSON. */
export interface TableSize {
  documents: number
  bytes: number
}

/** What there is besides documents and calls, for whoever runs the backend. Nothing of it changes anything. */
export interface EngineInspection {
  /** Costs nothing, unlike `sizeOf`, which reads a table that was changed since. */
  countOf(table: string): number
  sizeOf(table: string): TableSize
  /** The next ones of those that wait, of any other state the latest ones; at most `limit`. */
  scheduled(state: ScheduledFunction['state'], limit: number): ScheduledFunction[]
  cronJobs(): CronJob[]
}

/** One entry of the default export of `auth.config.ts`. */
export type AuthProvider =
  | { domain: string; applicationID: string }
  | { type: 'customJwt'; issuer: string; jwks: string; algorithm: string; applicationID?: string }

export interface Engine {
  /** Runs at the latest snapshot. Internal functions answer "Could not find public function" unless the identity is admin. */
  query(call: FunctionCall & { journal?: string | null }): Promise<QueryRun>
  /**
   * Serialised with all other mutations, and durable before it resolves, like an action. With `dedupe`, a request that was committed before (also before a restart) is not
   * run again and answers what it answered then.
   */
  mutation(call: FunctionCall & { dedupe?: { sessionId: string; requestId: number } }): Promise<MutationRun>
  action(call: FunctionCall): Promise<Outcome>
  /**
   * Runs the HTTP action that `http.ts` routes `request` to (its path without the `/http` prefix); 404 without a route.
   * `caller` is what `ctx.auth` and `ctx.meta` answer there; nobody from nowhere if left out.
   */
  http(request: Request, caller?: Caller): Promise<Response>

  /** The latest committed timestamp. */
  latestTs(): bigint
  /** Resolves when all that was committed up to `ts` is on the disk; rejects if some of it was taken back instead. */
  durable(ts: bigint): Promise<void>
  /**
   * Calls `onTouched`, once, synchronously within the first commit after `run.ts` that may change the answer: at once if that has come
   * already. Returns the end of the watch.
   */
  watch(run: Pick<QueryRun, 'reads' | 'ts'>, onTouched: (ts: bigint) => void): () => void
  /** Whether the answer was the same already at `ts`; `false` also where that is too long ago to know. */
  heldSince(ts: bigint, run: Pick<QueryRun, 'reads' | 'ts'>): boolean
  /** Calls `listener` after `reload` swapped the functions: every subscription has to run again. */
  onReload(listener: () => void): () => void

  functionSpecs(): FunctionSpec[]
  functionType(path: string): FunctionType | undefined
  authProviders(): AuthProvider[]

  environment: {
    list(): { name: string; value: string }[]
    /** Durable before it resolves; `null` removes. Functions see the change from their next call. */
    update(changes: { name: string; value: string | null }[]): Promise<void>
  }

  tables(): string[]
  /** Documents of a table by `_creationTime`. Throws for an unknown table. */
  readTable(
    table: string,
    options: { order: 'asc' | 'desc'; cursor: string | null; numItems: number },
  ): TablePage

  /** Entries after `cursor` (0: from the oldest kept; about the last 1,000 are kept); waits up to `timeoutMs` for one. */
  logsAfter(cursor: number, timeoutMs: number): Promise<{ entries: LogEntry[]; newCursor: number }>

  /**
   * Calls `listener`, which must not throw, after each finished call, whoever made it; at once for those that `logsAfter` still
   * has. Returns the unsubscribe function.
   */
  onCall(listener: (call: LogEntry) => void): () => void
  readonly inspection: EngineInspection

  /** Where the functions in force lie and what they import, packages apart: a change there is worth a `reload`. Absolute. */
  sourceFolders(): readonly string[]
  /** Bundles the functions folder again; on an error the old functions stay and the error is thrown. */
  reload(): Promise<void>
  /** Finishes running mutations, syncs the log, releases the lock. Idempotent. */
  close(): Promise<void>
}

export interface EngineOptions {
  /** The `convex/` folder: schema, functions, `crons.ts`, `http.ts`, `auth.config.ts`. */
  functionsDir: string
  /** Where the log lives; `':memory:'` keeps nothing. */
  dataDir: string
  /** `CONVEX_CLOUD_URL` and `CONVEX_SITE_URL` as functions see them; read lazily, since port 0 is known only after listening. */
  urls: () => { cloudUrl: string; siteUrl: string }
  /** For whoever writes the functions: what they throw is logged, with its place in the sources. Takes memory for a source map. */
  tellsPlaces?: boolean | undefined
  /** Told the path of each function before it runs; must not throw. */
  began?: ((path: string) => void) | undefined
  logger: Logger
}
