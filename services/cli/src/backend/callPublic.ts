import { callFunction, type Reply } from '@rollcall/worker/call-function'
import { withinTime } from '@rollcall/worker/within-time'
import type { FunctionArgs, FunctionReference, FunctionReturnType } from 'convex/server'

const CALL_TIMEOUT_MS = 10_000

/** What came of a call. Whatever is worth trying again is `unreachable`. */
export type PublicAnswer<T> = Exclude<Reply<T>, { kind: 'failed' }>

type Callable = FunctionReference<'query' | 'mutation' | 'action'>

interface CallPlace {
  url: string
  stop: AbortSignal
  /** Of whoever is signed in and calls; without it nobody is. */
  userToken?: string | undefined
}

/** Calls a public function of a deployment, once. Rejects with the reason of `stop` when that is aborted, and for nothing else. */
export async function callPublic<F extends Callable>(
  { stop, ...place }: CallPlace,
  kind: F['_type'],
  fn: F,
  args: FunctionArgs<F>,
): Promise<PublicAnswer<FunctionReturnType<F>>> {
  const reply = await callFunction(place, kind, fn, args, withinTime(CALL_TIMEOUT_MS, stop))
  if (reply.kind === 'unreachable') stop.throwIfAborted()
  return reply.kind === 'failed' ? { ...reply, kind: 'unreachable' } : reply
}
