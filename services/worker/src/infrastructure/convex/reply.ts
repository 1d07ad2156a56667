import { errorOf, type ErrorPayload } from '@rollcall/backend/contract'
import { BackendUnreachableError, NotRollcallError, toError } from '../../errors'

/** What came of a call to the backend. Everything but `ok` is expected to happen, so it is a value. */
export type Reply<T> =
  | { kind: 'ok'; value: T }
  /** One of our functions said no; `refusal.code` says why. */
  | { kind: 'refused'; refusal: ErrorPayload }
  /** No answer: no network, no backend, or not in time. */
  | { kind: 'unreachable'; reason: string }
  /** The URL belongs to something else. */
  | { kind: 'notRollcall'; reason: string }
  /** The function failed in a way that it does not name. */
  | { kind: 'failed'; reason: string }

export type Failure = Exclude<Reply<never>, { kind: 'ok' }>

/** Runs `call` and makes a value of whatever it throws. */
export async function replyOf<T>(call: () => Promise<T>): Promise<Reply<T>> {
  try {
    return { kind: 'ok', value: await call() }
  } catch (thrown: unknown) {
    return failureOf(thrown)
  }
}

export function failureOf(thrown: unknown): Failure {
  const refusal = errorOf(thrown)
  if (refusal) return { kind: 'refused', refusal }
  const { message } = toError(thrown)
  if (thrown instanceof BackendUnreachableError) return { kind: 'unreachable', reason: message }
  if (thrown instanceof NotRollcallError) return { kind: 'notRollcall', reason: message }
  if (/Could not find public function/.test(message)) {
    return {
      kind: 'notRollcall',
      reason: 'it is a Convex deployment without these functions: deploy services/backend to it',
    }
  }
  return { kind: 'failed', reason: message.split('\n', 1)[0] ?? message }
}

/** One line for a log. */
export function describeFailure(failure: Failure): string {
  return failure.kind === 'refused' ? failure.refusal.message : failure.reason
}
