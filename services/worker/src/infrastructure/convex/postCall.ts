import { postJson, type HttpAnswer } from '../postJson'
import { toError } from '../../errors'
import { failureOf, type Reply } from './reply'

/** The status Convex answers with when a function threw. */
const FUNCTION_FAILED = 560

/** Statuses that say "later", besides 5xx. */
const TRY_LATER = [408, 429]

export interface FunctionCall {
  kind: 'query' | 'mutation' | 'action'
  /** `module:function`. */
  path: string
  /** As `convexToJson` writes it, which leaves strings, finite numbers, booleans and objects of them as they are. */
  args: object
  /** Of whoever is signed in and calls; without it nobody is. */
  userToken?: string | undefined
}

/**
 * Calls a public function of a Convex deployment by one plain HTTP request, never sent again. Loads no package: a supervisor
 * stays small. `value` is as `convexToJson` writes it. Aborting `signal` answers `unreachable`; the function may have run. Never
 * rejects.
 */
export async function postCall(
  backendUrl: string,
  { kind, path, args, userToken }: FunctionCall,
  signal: AbortSignal,
): Promise<Reply<unknown>> {
  const body = { path, format: 'convex_encoded_json', args: [args] }
  const headers: Record<string, string> =
    userToken === undefined ? {} : { authorization: `Bearer ${userToken}` }
  try {
    return replyIn(await postJson(`${backendUrl}/api/${kind}`, body, { headers, signal }))
  } catch (thrown: unknown) {
    return { kind: 'unreachable', reason: reasonOf(toError(thrown)) }
  }
}

/** What an answer of a deployment's HTTP API to a call says. */
export function replyIn({ status, body }: HttpAnswer): Reply<unknown> {
  if ((status >= 500 && status !== FUNCTION_FAILED) || TRY_LATER.includes(status)) {
    return { kind: 'unreachable', reason: `it answers ${status}` }
  }
  const answer = objectIn(body)
  if (answer['status'] === 'success' && 'value' in answer) return { kind: 'ok', value: answer['value'] }
  if (answer['status'] === 'error') {
    return failureOf({ message: String(answer['errorMessage']), data: answer['errorData'] })
  }
  const { code, message } = answer
  // Convex itself, before any function ran.
  if (typeof code === 'string' && typeof message === 'string') return { kind: 'failed', reason: message }
  return { kind: 'notRollcall', reason: `it answers ${status}, but not as a Convex deployment does` }
}

/** Empty if there is none. */
function objectIn(body: string): Partial<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body)
    return typeof parsed === 'object' && parsed !== null ? parsed : {}
  } catch {
    return {}
  }
}

function reasonOf(error: Error): string {
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'no answer in time'
  return 'code' in error ? String(error.code) : error.message
}
