import {
  getFunctionName,
  type FunctionArgs,
  type FunctionReference,
  type FunctionReturnType,
} from 'convex/server'
import { convexToJson, jsonToConvex, type JSONValue } from 'convex/values'
import { postCall, type FunctionCall } from './postCall'
import { replyOf, type Reply } from './reply'

export type { Reply } from './reply'

/** As `postCall`, with the types and values of the function. */
export async function callFunction<F extends FunctionReference<FunctionCall['kind']>>(
  { url, userToken }: { url: string; userToken?: string | undefined },
  kind: F['_type'],
  fn: F,
  args: FunctionArgs<F>,
  signal: AbortSignal,
): Promise<Reply<FunctionReturnType<F>>> {
  const call = { kind, path: getFunctionName(fn), args: convexToJson(args) as object, userToken }
  const reply = await postCall(url, call, signal)
  if (reply.kind !== 'ok') return reply
  return await replyOf(() => jsonToConvex(reply.value as JSONValue) as FunctionReturnType<F>)
}
