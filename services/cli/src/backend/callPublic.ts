import { errorCodes, type ErrorPayload } from '@rollcall/backend/contract'
import { postJson, type HttpAnswer } from '@rollcall/worker/post-json'
import { withinTime } from '@rollcall/worker/within-time'
import {
  getFunctionName,
  type FunctionArgs,
  type FunctionReference,
  type FunctionReturnType,
} from 'convex/server'
import { convexToJson, jsonToConvex, type JSONValue } from 'convex/values'

const CALL_TIMEOUT_MS = 10_000

/** The status Convex answers with when a function threw. */
const FUNCTION_FAILED = 560
/** Statuses that say "later", besides 5xx. */
const TRY_LATER = [408, 429]

/** What came of a call. Everything but `ok` is expected to happen, so it is a value. */
export type PublicAnswer<T> =
  | { kind: 'ok'; value: T }
  /** One of our functions said no. */
  | { kind: 'refused'; refusal: ErrorPayload }
  /** The address belongs to something else. */
  | { kind: 'notRollcall'; reason: string }
  /** No answer, or none that is of use: worth trying again. */
  | { kind: 'unreachable'; reason: string }

type Callable = FunctionReference<'query' | 'mutation' | 'action'>

interface CallPlace {
  url: string
  stop: AbortSignal
  /** Of whoever is signed in and calls; without it nobody is. */
  userToken?: string
}

/** Calls a public function of a deployment by one plain HTTP request. Rejects with the reason of `stop` when that is aborted, and for nothing else. */
export async function callPublic<F extends Callable>(
  { url, stop, userToken }: CallPlace,
  kind: F['_type'],
  fn: F,
  args: FunctionArgs<F>,
): Promise<PublicAnswer<FunctionReturnType<F>>> {
  const call = { path: getFunctionName(fn), format: 'convex_encoded_json', args: [convexToJson(args)] }
  const signal = withinTime(CALL_TIMEOUT_MS, stop)
  const headers: Record<string, string> =
    userToken === undefined ? {} : { authorization: `Bearer ${userToken}` }
  try {
    return answerOf(await postJson(`${url}/api/${kind}`, call, { headers, signal }))
  } catch (thrown: unknown) {
    stop.throwIfAborted()
    return { kind: 'unreachable', reason: reasonOf(thrown) }
  }
}

function answerOf({ status, body }: HttpAnswer): PublicAnswer<never> {
  if ((status >= 500 && status !== FUNCTION_FAILED) || TRY_LATER.includes(status)) {
    return { kind: 'unreachable', reason: `it answers ${status}` }
  }
  const answer = outcomeIn(body)
  if (answer?.status === 'success') {
    return { kind: 'ok', value: jsonToConvex(answer.value as JSONValue) as never }
  }
  if (answer?.status !== 'error') {
    return { kind: 'notRollcall', reason: `it answers ${status}, but not as a Convex deployment does` }
  }
  const { code, message } = (answer.errorData ?? {}) as Partial<Record<string, unknown>>
  if (typeof code === 'string' && code in errorCodes && typeof message === 'string') {
    return { kind: 'refused', refusal: answer.errorData as ErrorPayload }
  }
  const reason = String(answer.errorMessage).split('\n', 1)[0] ?? ''
  return reason.includes('Could not find public function')
    ? {
        kind: 'notRollcall',
        reason: 'it is a Convex deployment without these functions: deploy services/backend to it',
      }
    : { kind: 'unreachable', reason }
}

function outcomeIn(body: string): Partial<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(body)
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined
  } catch {
    return undefined
  }
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  if (thrown.name === 'TimeoutError' || thrown.name === 'AbortError') return 'no answer in time'
  return 'code' in thrown ? String(thrown.code) : thrown.message
}
