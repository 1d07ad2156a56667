import type { Logger } from 'pino'

/** What a hook is called with. */
export interface HookContext {
  /** Why the worker stops, in one word, as in the log (`causeOf`). */
  cause: string
  /** When `signal` fires at the latest; milliseconds since 1970. */
  deadline: number
  /** Fires when the hook's time is over, and at a second signal. Then the worker goes on without it. */
  signal: AbortSignal
  /** Its lines carry the hook's name. */
  logger: Logger
}

/** A cleanup of somebody else's, run after the chats are closed and before the goodbye. */
export interface ShutdownHook {
  /** For the log; no other hook's. */
  name: string
  /** Milliseconds that it may take at most; undefined: as long as there is time. */
  budgetMs: number | undefined
  run: (context: HookContext) => Promise<void>
}

/** Hooks that run side by side. */
export type HookGroup = readonly ShutdownHook[]

/** The longest budget of a group; undefined if one of them takes what it gets. */
export function wishOf(group: HookGroup): number | undefined {
  const longest = Math.max(0, ...group.map(({ budgetMs }) => budgetMs ?? Infinity))
  return Number.isFinite(longest) ? longest : undefined
}
