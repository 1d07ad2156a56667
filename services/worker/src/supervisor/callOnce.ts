import { postJson } from '../infrastructure/postJson'

const OK = 200
/** The status Convex answers with when a function threw. */
const FUNCTION_FAILED = 560

export type CallAnswer =
  | { kind: 'taken' }
  /** One of our functions said no. */
  | { kind: 'refused'; code: string; message: string }
  /** No answer, or none of a function: worth trying again. */
  | { kind: 'unreachable'; reason: string }

/**
 * Calls a mutation by one plain HTTP request, without a Convex client: a supervisor stays small. `args` may hold strings,
 * finite numbers, booleans and objects of them. Never rejects.
 */
export async function callOnce(
  backendUrl: string,
  path: string,
  args: object,
  signal: AbortSignal,
): Promise<CallAnswer> {
  try {
    const call = { path, format: 'convex_encoded_json', args: [args] }
    const { status, body } = await postJson(`${backendUrl}/api/mutation`, call, { signal })
    if (status !== OK && status !== FUNCTION_FAILED) {
      return { kind: 'unreachable', reason: `it answers ${status}` }
    }
    return answerOf(JSON.parse(body))
  } catch (thrown: unknown) {
    return { kind: 'unreachable', reason: reasonOf(thrown) }
  }
}

function answerOf(body: unknown): CallAnswer {
  const { status, errorMessage, errorData } = body as Partial<Record<string, unknown>>
  if (status === 'success') return { kind: 'taken' }
  const { code, message } = (errorData ?? {}) as Partial<Record<string, unknown>>
  if (typeof code === 'string') {
    return { kind: 'refused', code, message: typeof message === 'string' ? message : code }
  }
  const reason = typeof errorMessage === 'string' ? errorMessage.split('\n', 1)[0] : undefined
  return { kind: 'unreachable', reason: reason ?? 'it does not answer as a Convex deployment does' }
}

function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  if (thrown.name === 'TimeoutError' || thrown.name === 'AbortError') return 'no answer in time'
  return 'code' in thrown ? String(thrown.code) : thrown.message
}
