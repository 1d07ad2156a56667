import { AsyncLocalStorage } from 'node:async_hooks'
import { actionGeneric, mutationGeneric, queryGeneric } from 'convex/server'
import type { LoadedFunction, RegisteredFunction } from '../engine/functions/LoadedFunctions'
import type { Syscalls } from '../engine/functions/Syscalls'

export type InlineType = 'query' | 'mutation' | 'action'

/** A function reference, or a function of the test that takes the `ctx`. */
export type CallTarget = object | ((ctx: never) => Promise<unknown>)

const BUILDERS = { query: queryGeneric, mutation: mutationGeneric, action: actionGeneric }

/** Whose engine answers the inline function that runs here. */
const answering = new AsyncLocalStorage<Syscalls>()

/**
 * Wraps `handler`, a function that a test wrote in place, so that the engine runs it as one of the deployment: in a transaction that
 * has limits and is rolled back where it throws. Unlike those it runs in the test's own realm: it sees the test's variables, clock,
 * timers and network. `syscalls` answers its `ctx`.
 */
export function inlineFunction(type: InlineType, handler: unknown, syscalls: Syscalls): LoadedFunction {
  lendConvex()
  const run = handler as (ctx: unknown) => unknown
  const built = BUILDERS[type]({ handler: (ctx: unknown) => run(ctx) }) as unknown as RegisteredFunction
  const registered: RegisteredFunction = {
    invokeQuery: (args) => answering.run(syscalls, () => built.invokeQuery(args)),
    invokeMutation: (args) => answering.run(syscalls, () => built.invokeMutation(args)),
    invokeAction: (request, args) => answering.run(syscalls, () => built.invokeAction(request, args)),
    invokeHttpAction: (request) => built.invokeHttpAction(request),
  }
  return { path: 'inline', type, isPublic: true, args: { type: 'any' }, returns: null, registered }
}

/** `convex/server` asks the global `Convex`; the one that was there (of `convex-test`) keeps answering its own functions. */
function lendConvex(): void {
  if (Object.getOwnPropertyDescriptor(globalThis, 'Convex')?.get === currentConvex) return
  others = (globalThis as { Convex?: unknown }).Convex
  Object.defineProperty(globalThis, 'Convex', {
    get: currentConvex,
    set: (convex: unknown) => (others = convex),
    configurable: true,
  })
}

let others: unknown

function currentConvex(): unknown {
  const syscalls = answering.getStore()
  if (!syscalls) return others
  return {
    syscall: (operation: string, args: string) => {
      const answer = syscalls.syscall(operation, args)
      if ('error' in answer) throw new Error(answer.error)
      return answer.value
    },
    asyncSyscall: (operation: string, args: string) => syscalls.asyncSyscall(operation, args),
    jsSyscall: (operation: string) => {
      throw new Error(`${operation} needs a Convex deployment`)
    },
  }
}
