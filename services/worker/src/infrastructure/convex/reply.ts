import { refusalIn, type ErrorPayload } from '@rollcall/backend/contract/errors'
import { toError } from '../../errors'

/** What came of a call to the backend. Everything but `ok` is expected to happen, so it is a value. */
export type Reply<T> =
  | { kind: 'ok'; value: T }
  /** One of our functions said no; `refusal.code` says why. */
  | { kind: 'refused'; refusal: ErrorPayload }
  /** No answer: no network, no backend, or not in time. */
  | { kind: 'unreachable'; reason: string }
  /** The URL belongs to something else. */
  | { kind: 'notRollcall'; reason: string }
  /** The function failed in a way that it does not name, or the backend could not do what it was asked: its disk is full, say. */
  | { kind: 'failed'; reason: string }

export type Failure = Exclude<Reply<never>, { kind: 'ok' }>

/** Runs `call` and makes a value of whatever it throws. */
export async function replyOf<T>(call: () => T | Promise<T>): Promise<Reply<T>> {
  try {
    return { kind: 'ok', value: await call() }
  } catch (thrown: unknown) {
    return failureOf(toError(thrown))
  }
}

/** What it means that a function threw: a `ConvexError` of it carries `data`. */
export function failureOf({ message, data }: { message: string; data?: unknown }): Failure {
  const refusal = refusalIn(data)
  if (refusal) return { kind: 'refused', refusal }
  if (message.includes('Could not find public function')) {
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
