import { ConvexHttpClient } from 'convex/browser'
import type { FunctionArgs, FunctionReference, FunctionReturnType } from 'convex/server'
import { BackendUnreachableError, NotRollcallError, toError } from '../../errors'
import { replyOf, type Reply } from './reply'

/** The status Convex answers with when a function threw. */
const FUNCTION_FAILED = 560

/** Statuses that say "later", besides 5xx. */
const TRY_LATER = [408, 429]

/** undici says only "fetch failed"; the cause has the word a person can use. */
function reasonOf(thrown: unknown): string {
  const error = toError(thrown)
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'no answer in time'
  const { cause } = error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined
  return code ?? (cause instanceof Error ? cause.message : error.message)
}

async function isConvexAnswer(response: Response): Promise<boolean> {
  try {
    const body: unknown = await response.clone().json()
    if (typeof body !== 'object' || body === null) return false
    return response.ok || response.status === FUNCTION_FAILED
      ? 'status' in body
      : 'code' in body && 'message' in body
  } catch {
    return false
  }
}

function checkedFetch(signal: AbortSignal): typeof fetch {
  return async (input, init) => {
    let response: Response
    try {
      response = await fetch(input, { ...init, signal })
    } catch (thrown: unknown) {
      throw new BackendUnreachableError(reasonOf(thrown), { cause: thrown })
    }
    const { status } = response
    if ((status >= 500 && status !== FUNCTION_FAILED) || TRY_LATER.includes(status)) {
      throw new BackendUnreachableError(`it answers ${status}`)
    }
    if (await isConvexAnswer(response)) return response
    signal.throwIfAborted()
    throw new NotRollcallError(`it answers ${status}, but not as a Convex deployment does`)
  }
}

/**
 * Calls a mutation over HTTP, once: not queued behind others and never resent, unlike one of the WebSocket client. Aborting
 * `signal` answers `unreachable`; the mutation may have run.
 */
export function callOnce<M extends FunctionReference<'mutation'>>(
  url: string,
  mutation: M,
  args: FunctionArgs<M>,
  signal: AbortSignal,
): Promise<Reply<FunctionReturnType<M>>> {
  const client = new ConvexHttpClient(url, { logger: false, fetch: checkedFetch(signal) })
  // `skipQueue` comes after the arguments, in a tuple whose shape TypeScript cannot follow for a generic mutation.
  const call = client.mutation.bind(client) as (
    mutation: M,
    args: FunctionArgs<M>,
    options: { skipQueue: boolean },
  ) => Promise<FunctionReturnType<M>>
  return replyOf(() => call(mutation, args, { skipQueue: true }))
}
