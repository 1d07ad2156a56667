import type { TestConvex } from 'convex-test'
import type { GenericSchema, SchemaDefinition, UserIdentity } from 'convex/server'
import type { Logger } from 'pino'
import { finishAllScheduledFunctions } from './finishAllScheduledFunctions'
import type { CallTarget } from './inlineFunction'
import { callerFrom, NOBODY, type TestCaller } from './testCaller'
import { TestEngine } from './TestEngine'

export interface EmbeddedTestOptions<Schema extends GenericSchema> {
  /** The `convex/` folder to run; it is bundled once per process. */
  functionsDir: string
  /** The folder's own schema, for the types of `ctx.db`; a call rejects if it is another one. */
  schema?: SchemaDefinition<Schema, boolean>
  /** Silent if left out. */
  logger?: Logger
}

/** What `convexTest` answers, and an end. */
export type EmbeddedTest<Schema extends GenericSchema> = TestConvex<SchemaDefinition<Schema, boolean>> & {
  /** Starts nothing more and finishes running mutations. Idempotent. */
  close: () => Promise<void>
  [Symbol.asyncDispose]: () => Promise<void>
}

/**
 * An engine in memory with the call shapes of `convexTest({ schema, modules })`, for suites that were written for it. It opens with
 * the first call. As there, functions see the `process.env` of the test, time is that of its fake timers, cron jobs do not run, and
 * what a function throws rejects the call. Unlike there, functions run in a realm of their own: module mocks and spies of the
 * test do not reach them. `registerComponent` and `ctx.storage` throw.
 */
export function embeddedTest<Schema extends GenericSchema>(
  options: EmbeddedTestOptions<Schema>,
): EmbeddedTest<Schema> {
  const engine = new TestEngine(options)
  const close = () => engine.close()
  const registerComponent = () => {
    throw new Error('The embedded backend does not support components')
  }
  return {
    ...accessor(engine, NOBODY),
    ...{ registerComponent, close, [Symbol.asyncDispose]: close },
  } as unknown as EmbeddedTest<Schema>
}

/** Does not change itself: `withIdentity` and `withRequestMetadata` answer another one, each keeping what the other set. */
function accessor(engine: TestEngine, caller: TestCaller) {
  return {
    query: (target: CallTarget, args?: object) => engine.call('query', target, args, caller),
    mutation: (target: CallTarget, args?: object) => engine.call('mutation', target, args, caller),
    action: (target: CallTarget, args?: object) => engine.call('action', target, args, caller),
    run: (handler: CallTarget) => engine.call('mutation', handler, {}, caller),
    fetch: (path: string, init?: RequestInit) => engine.fetch(path, init, caller),
    finishInProgressScheduledFunctions: async () => (await engine.scheduler()).idle(),
    finishAllScheduledFunctions: async (advanceTimers: () => void, maxIterations?: number) =>
      finishAllScheduledFunctions(await engine.scheduler(), advanceTimers, maxIterations),
    withIdentity: (identity: Partial<UserIdentity>) => accessor(engine, callerFrom(identity, caller)),
    withRequestMetadata: ({
      ip = null,
      userAgent = null,
    }: {
      ip?: string | null
      userAgent?: string | null
    }) => accessor(engine, { ...caller, source: { ...caller.source, ip, userAgent } }),
  }
}
