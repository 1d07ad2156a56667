import type { JSONValue } from 'convex/values'
import { isSystemPath, runSystemQuery, type SystemQueryContext } from '../admin/systemQuery'
import { EmbeddedBackendError } from '../errors'
import type { Engine, FunctionCall, MutationRun, Outcome, ReadSet } from '../engine/types'

/** A query's answer and what invalidates it; `reads: null` means that no commit does. */
export interface SubscribedRun {
  outcome: Outcome
  ts: bigint
  reads: ReadSet | null
  journal: string | null
}

/** A call as a client words it. Components are not supported: `componentPath` may only name the root. */
export type ClientCall = FunctionCall & { componentPath?: string | null | undefined }

/**
 * Calls as a client makes them, over the socket or HTTP: adds the official CLI's system queries to the engine's functions, and
 * turns a fault of the engine into an outcome that tells the client nothing but that it happened.
 */
export class Calls {
  constructor(
    private readonly engine: Engine,
    private readonly system: SystemQueryContext,
    private readonly onFault: (path: string, fault: unknown) => void,
  ) {}

  async query(call: ClientCall & { journal: string | null }): Promise<SubscribedRun> {
    try {
      const outcome = refuseComponent(call) ?? (isSystemPath(call.path) && runSystemQuery(call, this.system))
      if (!outcome) return await this.engine.query(call)
      return { outcome, ts: this.engine.latestTs(), reads: null, journal: null }
    } catch (fault) {
      return { outcome: this.faulty(call, fault), ts: this.engine.latestTs(), reads: null, journal: null }
    }
  }

  /** The answered timestamp is not before the commit, nor before that of a request that is only remembered. */
  async mutation(
    call: ClientCall & { dedupe?: { sessionId: string; requestId: number } },
  ): Promise<MutationRun> {
    try {
      const refusal = refuseComponent(call)
      if (refusal) return { outcome: refusal, ts: this.engine.latestTs() }
      const { outcome } = await this.engine.mutation(call)
      return { outcome, ts: this.engine.latestTs() }
    } catch (fault) {
      return { outcome: this.faulty(call, fault), ts: this.engine.latestTs() }
    }
  }

  async action(call: ClientCall): Promise<Outcome> {
    try {
      return refuseComponent(call) ?? (await this.engine.action(call))
    } catch (fault) {
      return this.faulty(call, fault)
    }
  }

  /** Whatever its type: what `convex run` asks for. */
  async any(call: ClientCall): Promise<Outcome> {
    if (isSystemPath(call.path)) return (await this.query({ ...call, journal: null })).outcome
    switch (this.engine.functionType(call.path)) {
      case 'query':
        return (await this.query({ ...call, journal: null })).outcome
      case 'mutation':
        return (await this.mutation(call)).outcome
      case 'action':
        return this.action(call)
      case 'httpAction':
      case undefined:
        return {
          kind: 'error',
          errorMessage: `Could not find function for '${call.path}'. Is it exported from the functions folder?`,
          logLines: [],
        }
    }
  }

  /** Whether all that was committed up to `ts` is on the disk, as soon as that is known. Never rejects. */
  isKept(ts: bigint): Promise<boolean> {
    return this.engine.durable(ts).then(
      () => true,
      () => false,
    )
  }

  /** As `Engine.watch`. */
  watch({ reads, ts }: SubscribedRun, onTouched: (ts: bigint) => void): () => void {
    return reads === null ? () => undefined : this.engine.watch({ reads, ts }, onTouched)
  }

  /** As `Engine.heldSince`. */
  heldSince(since: bigint, { reads, ts }: SubscribedRun): boolean {
    return reads === null || this.engine.heldSince(since, { reads, ts })
  }

  private faulty(call: { path: string }, fault: unknown): Outcome {
    // A disk that is full was logged once and can be mended: whoever calls may know.
    if (fault instanceof EmbeddedBackendError && fault.code.startsWith('DATA_FOLDER')) return notStored(fault)
    this.onFault(call.path, fault)
    return { kind: 'error', errorMessage: 'Server Error', logLines: [] }
  }
}

function notStored({ code }: EmbeddedBackendError): Outcome {
  const reason = code === 'DATA_FOLDER_FULL' ? 'its disk is full' : 'its data folder cannot be written'
  const message = `The backend stored nothing: ${reason}. It goes on as soon as that is mended.`
  return { kind: 'error', errorMessage: `${code}: ${message}`, errorData: { code, message }, logLines: [] }
}

function refuseComponent({ componentPath }: ClientCall): Outcome | undefined {
  if (!componentPath) return undefined
  const errorMessage = `Could not find component '${componentPath}': the embedded backend has no components.`
  return { kind: 'error', errorMessage, logLines: [] }
}

/** The arguments object out of a request's list of at most one. */
export function soleArgument(args: JSONValue[]): JSONValue {
  return args[0] ?? {}
}
