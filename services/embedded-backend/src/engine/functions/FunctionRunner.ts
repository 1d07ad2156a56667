import { jsonToConvex, type JSONValue, type Value, type ValidatorJSON } from 'convex/values'
import type { Store } from '../store/Store'
import type { Transaction } from '../store/Transaction'
import type { FunctionCall, FunctionType, QueryRun } from '../types'
import { findMismatch } from '../values/findMismatch'
import { findUnstorable, mayHoldHalfPair } from '../values/findUnstorable'
import {
  actionFrame,
  deterministic,
  transactionFrame,
  type Frame,
  type LogLine,
  type CallerInRequest,
  type TransactionFrame,
} from './Frame'
import { FunctionFailure, toFailure } from './FunctionFailure'
import {
  normalisePath,
  specType,
  type LoadedFunction,
  type LoadedFunctions,
  type RegisteredFunction,
} from './LoadedFunctions'
import type { RequestMetadata } from './RequestMetadata'
import type { RunningFunctions } from './RunningFunctions'
import { Serial } from '../Serial'

/** What came of a call: the encoded value as JSON text, or why not. */
type Result = { kind: 'ok'; json: string } | { kind: 'failed'; failure: FunctionFailure }

export interface Finished {
  result: Result
  lines: LogLine[]
}

export interface CompletedCall extends Finished {
  type: FunctionType
  path: string
  /** Ms since 1970. */
  startedAt: number
  durationMs: number
}

/** Steps of the engine's own in a mutation's transaction. */
export interface MutationSteps {
  /** Before the function; false means that there is nothing to run (any more). */
  before?(transaction: Transaction): boolean
  /** After the function succeeded, before the commit. */
  after?(transaction: Transaction, finished: { json: string; lines: LogLine[] }): void
}

type Call = FunctionCall & {
  /** Whether internal functions are within the caller's reach. */
  internal: boolean
  /** Run instead of what the folder has at `path`. */
  inline?: LoadedFunction
  /** Of the call that this one is a part of. */
  request?: RequestMetadata
}

/**
 * Runs functions: queries each on the latest snapshot, mutations one after another, actions side by side. Never rejects for
 * what a function did.
 */
export class FunctionRunner {
  private readonly mutations = new Serial()

  constructor(
    private readonly store: Store,
    private readonly loaded: () => LoadedFunctions,
    private readonly running: RunningFunctions,
    private readonly completed: (call: CompletedCall) => void,
  ) {}

  async query(call: Call, journal: string | null): Promise<Omit<QueryRun, 'outcome'> & Finished> {
    const frame = transactionFrame('query', call, { shared: deterministic(this.store.begin()), journal })
    const finished = await this.finish(frame, () =>
      this.invoke(this.resolve(call, 'query'), frame, call.args),
    )
    const { transaction } = frame.shared
    return { ...finished, ts: transaction.snapshot.ts, reads: transaction.reads, journal: frame.pageEnd }
  }

  /** Answers null if `steps.before` said so. `ts` is the commit's, or the latest one for a failed mutation. */
  mutation(call: Call, steps: MutationSteps = {}): Promise<(Finished & { ts: bigint }) | null> {
    return this.mutations.run(async () => {
      const transaction = this.store.begin()
      if (steps.before && !steps.before(transaction)) return null
      const frame = transactionFrame('mutation', call, { shared: deterministic(transaction), journal: null })
      const finished = await this.finish(frame, async () => {
        const json = await this.invoke(this.resolve(call, 'mutation'), frame, call.args)
        steps.after?.(transaction, { json, lines: frame.lines })
        return json
      })
      const ts = finished.result.kind === 'ok' ? this.store.commit(transaction) : this.store.snapshot.ts
      return { ...finished, ts }
    })
  }

  async action(call: Call): Promise<Finished> {
    const frame = actionFrame('action', call, normalisePath(call.path))
    return this.finish(frame, () => this.invoke(this.resolve(call, 'action'), frame, call.args))
  }

  /** Rejects with the failure of the HTTP action. */
  async http(
    handler: RegisteredFunction,
    route: string,
    request: Request,
    caller: CallerInRequest,
  ): Promise<Response> {
    const frame = actionFrame('httpAction', caller, route)
    let response: Response | undefined
    const { result } = await this.finish(frame, async () => {
      response = await this.running.run(frame, () => handler.invokeHttpAction(request))
      return 'null'
    })
    if (result.kind === 'failed') throw result.failure
    if (response === undefined)
      throw new FunctionFailure(`The HTTP action ${route} did not return a Response`)
    return response
  }

  /** A query or mutation called inside a transaction: a part of it that rolls back alone. */
  async nested(
    parent: TransactionFrame,
    type: 'query' | 'mutation',
    path: string,
    args: JSONValue,
  ): Promise<string> {
    const { transaction } = parent.shared
    if (type === 'mutation' && parent.kind === 'query') throw new Error('Queries cannot call mutations')
    const target = this.resolve({ path, internal: true }, type)
    const { shared, lines, identity, request } = parent
    const frame = transactionFrame(type, { path, identity, request }, { shared, lines, journal: null })
    const savepoint = transaction.savepoint()
    try {
      return await this.invoke(target, frame, args)
    } catch (thrown: unknown) {
      transaction.rollbackTo(savepoint)
      throw toFailure(thrown)
    }
  }

  /** A transaction of the engine itself, in turn with all mutations. Nothing is written if `work` throws. */
  transact<T>(work: (transaction: Transaction) => T): Promise<T> {
    return this.exclusively(() => {
      const transaction = this.store.begin()
      const answer = work(transaction)
      this.store.commit(transaction)
      return answer
    })
  }

  /** While no mutation runs. */
  exclusively<T>(work: () => T | Promise<T>): Promise<T> {
    return this.mutations.run(work)
  }

  async idle(): Promise<void> {
    await this.mutations.idle()
  }

  /** The function at `path`; throws what a caller should be told if it is missing, out of reach or of another type. */
  resolve(call: Pick<Call, 'path' | 'internal' | 'inline'>, type: FunctionType | null): LoadedFunction {
    const { path, internal, inline } = call
    if (inline) return inline
    const found = this.loaded().find(path)
    if (!found || (!internal && !found.isPublic)) {
      const kind = internal ? 'function' : 'public function'
      throw new FunctionFailure(
        `Could not find ${kind} for '${path}'. Did you forget to run \`npx convex dev\` or \`npx convex deploy\`?`,
      )
    }
    if (type !== null && found.type !== type) {
      const [wanted, actual] = [specType(type), specType(found.type)]
      throw new FunctionFailure(`Trying to execute ${path} as ${wanted}, but it is defined as ${actual}.`)
    }
    return found
  }

  private async invoke(target: LoadedFunction, frame: Frame, args: JSONValue): Promise<string> {
    const value = jsonToConvex(args)
    refuseUnstorable(value)
    check('ArgumentValidationError', target.args, value)
    const text = JSON.stringify([args])
    const { registered } = target
    const json = await this.running.run(frame, () => {
      switch (frame.kind) {
        case 'query':
          return registered.invokeQuery(text)
        case 'mutation':
          return registered.invokeMutation(text)
        case 'action':
        case 'httpAction':
          return registered.invokeAction('', text)
      }
    })
    // A nested call that was not awaited is finished all the same: half of it must not be committed.
    if ('nested' in frame && frame.nested) await frame.nested
    if (mayHoldHalfPair(json)) refuseUnstorable(jsonToConvex(JSON.parse(json) as JSONValue))
    if (target.returns !== null && target.returns.type !== 'any') {
      check('ReturnsValidationError', target.returns, jsonToConvex(JSON.parse(json) as JSONValue))
    }
    return json
  }

  private async finish(frame: Frame, run: () => Promise<string>): Promise<Finished> {
    const startedAt = Date.now()
    const begun = performance.now()
    const { kind: type, path, lines } = frame
    // Where there is no such function, `run` throws before it answers a promise.
    const result = await Promise.resolve()
      .then(run)
      .then(
        (json): Result => ({ kind: 'ok', json }),
        (thrown: unknown): Result => ({ kind: 'failed', failure: toFailure(thrown) }),
      )
    this.completed({ type, path, lines, result, startedAt, durationMs: performance.now() - begun })
    return { result, lines }
  }
}

function refuseUnstorable(value: Value): void {
  const reason = findUnstorable(value)
  if (reason !== null) throw new FunctionFailure(reason)
}

function check(error: string, validator: ValidatorJSON, value: Value): void {
  const mismatch = findMismatch(validator, value)
  if (mismatch !== null) throw new FunctionFailure(`${error}: ${mismatch}`)
}
