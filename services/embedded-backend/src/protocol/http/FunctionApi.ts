import type { IncomingMessage } from 'node:http'
import type { JSONValue } from 'convex/values'
import * as z from 'zod'
import { HttpRefusal } from '../../errors'
import type { Caller, Engine, Outcome } from '../../engine/types'
import type { Authenticator } from '../auth/Authenticator'
import { callerOf } from '../auth/callerOf'
import { soleArgument, type Calls } from '../Calls'
import { decodeTimestamp, encodeTimestamp } from '../sync/timestamp'
import { peerOf } from './peerOf'
import { readJson } from './readJson'

const callBody = z.object({
  path: z.string(),
  format: z.enum(['convex_encoded_json', 'json']).optional(),
  args: z.custom<JSONValue>((value) => typeof value === 'object' && value !== null).default({}),
  componentPath: z.string().nullish(),
})

const callAtBody = callBody.extend({ ts: z.string() })

/** A route answers the body of a 200, or throws `HttpRefusal`. */
export type ApiRoute = (request: IncomingMessage) => Promise<unknown>

/**
 * What `ConvexHttpClient` calls: `{ path, args, format? }`, with the caller's JWT or the admin key in `Authorization`. Answers
 * `{ status: 'success', value, logLines }` or `{ status: 'error', errorMessage, errorData?, logLines }`.
 */
export class FunctionApi {
  constructor(
    private readonly engine: Engine,
    private readonly calls: Calls,
    private readonly authenticator: Authenticator,
  ) {}

  readonly routes: Record<string, ApiRoute> = {
    /** Runs a query. */
    'POST /api/query': async (request) => {
      const call = await this.readCall(request)
      return toBody((await this.calls.query({ ...call, journal: null })).outcome)
    },
    /** Runs a mutation, and answers when it is stored. */
    'POST /api/mutation': async (request) => {
      return toBody((await this.calls.mutation(await this.readCall(request))).outcome)
    },
    /** Runs an action. */
    'POST /api/action': async (request) => toBody(await this.calls.action(await this.readCall(request))),
    /** Runs a function of any type, internal ones too. For the admin only. */
    'POST /api/function': async (request) => {
      await this.requireAdmin(request)
      return toBody(await this.calls.any(await this.readCall(request)))
    },
    /** The timestamp of the latest commit, for `query_at_ts`. */
    'POST /api/query_ts': () => Promise.resolve({ ts: encodeTimestamp(this.engine.latestTs()) }),
    /** Runs a query as of the timestamp `ts`; refused with `TimestampTooOld` if what it reads has changed since. */
    'POST /api/query_at_ts': (request) => this.queryAt(request),
  }

  /** Throws a 401 for a bad token or key. */
  async identify(request: IncomingMessage): Promise<Caller> {
    const peer = peerOf(request)
    const result = await this.authenticator.header(request.headers.authorization)
    if (result.kind === 'authenticated') return callerOf(peer, result)
    throw new HttpRefusal(401, result.failure.code, result.failure.message)
  }

  /** Throws a 401 or 403 for everybody else. */
  async requireAdmin(request: IncomingMessage): Promise<void> {
    const { identity } = await this.identify(request)
    if (identity.kind === 'admin') return
    throw new HttpRefusal(403, 'AdminKeyRequired', 'This needs the admin key.')
  }

  private async readCall(request: IncomingMessage) {
    const caller = await this.identify(request)
    return toCall(await readJson(request, callBody), caller)
  }

  private async queryAt(request: IncomingMessage): Promise<unknown> {
    const caller = await this.identify(request)
    const body = await readJson(request, callAtBody)
    const ts = decodeTimestamp(body.ts)
    if (ts === undefined) throw new HttpRefusal(400, 'BadTimestamp', 'The timestamp is malformed.')
    const run = await this.calls.query({ ...toCall(body, caller), journal: null })
    // There is no reading in the past; but an answer that nothing has touched since is the answer of then.
    if (!this.calls.heldSince(ts, run)) {
      throw new HttpRefusal(400, 'TimestampTooOld', 'What the query reads has changed since that timestamp.')
    }
    return toBody(run.outcome)
  }
}

function toCall(body: z.infer<typeof callBody>, caller: Caller) {
  const args = Array.isArray(body.args) ? soleArgument(body.args) : body.args
  return { path: body.path, args, ...caller, componentPath: body.componentPath }
}

function toBody(outcome: Outcome): unknown {
  if (outcome.kind === 'ok') return { status: 'success', value: outcome.value, logLines: outcome.logLines }
  const { errorMessage, errorData, logLines } = outcome
  return { status: 'error', errorMessage, errorData, logLines }
}
