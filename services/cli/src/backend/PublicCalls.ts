import type { FunctionArgs, FunctionReference, FunctionReturnType } from 'convex/server'
import { callPublic } from './callPublic'
import { BackendCallError, RefusalError } from '../errors'

type Public<Kind extends 'query' | 'mutation' | 'action'> = FunctionReference<Kind>

/** Calls that are not given up half-way: what a worker has registered has to be taken leave of. Each ends within its own time. */
const uninterrupted = new AbortController().signal

/**
 * The public functions of a backend for one caller. Throw `RefusalError` for a no of our functions, `BackendCallError` where
 * there was no answer.
 */
export class PublicCalls {
  constructor(
    readonly url: string,
    /** Of whoever is signed in; undefined where nobody is. */
    private readonly userToken?: string,
  ) {}

  query<F extends Public<'query'>>(fn: F, args: FunctionArgs<F>): Promise<FunctionReturnType<F>> {
    return this.call('query', fn, args)
  }

  mutation<F extends Public<'mutation'>>(fn: F, args: FunctionArgs<F>): Promise<FunctionReturnType<F>> {
    return this.call('mutation', fn, args)
  }

  action<F extends Public<'action'>>(fn: F, args: FunctionArgs<F>): Promise<FunctionReturnType<F>> {
    return this.call('action', fn, args)
  }

  private async call<F extends FunctionReference<'query' | 'mutation' | 'action'>>(
    kind: F['_type'],
    fn: F,
    args: FunctionArgs<F>,
  ): Promise<FunctionReturnType<F>> {
    const { url, userToken } = this
    const answer = await callPublic({ url, userToken, stop: uninterrupted }, kind, fn, args)
    switch (answer.kind) {
      case 'ok':
        return answer.value
      case 'refused':
        throw new RefusalError(answer.refusal.message, answer.refusal.code)
      case 'notRollcall':
      case 'unreachable':
        throw new BackendCallError(`${url}: ${answer.reason}`)
      default:
        return answer satisfies never
    }
  }
}
