import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import type { Launch, RunningWorker, Target } from '../fleet/RunningWorker'

/** A way to die that is noticed at once. */
export interface Death {
  name: string
  /** For a person. */
  what: string
  /** From the moment of death to the page; milliseconds. The design's detection promises. */
  promisedMs: number
  /** Why the worker has to be shown offline then. */
  reason: 'shutdown' | 'crashed'
  launch: Launch
  env?: Record<string, string>
  kill: (worker: RunningWorker) => void
}

const STOPPED_MS = 1_000
const CRASHED_MS = 1_000
const ABOVE_GONE_MS = 2_000

const signal =
  (name: NodeJS.Signals, target: Target) =>
  (worker: RunningWorker): void =>
    worker.signal(name, target)

const stopped = (name: NodeJS.Signals, target: Target, what: string): Death => ({
  ...{ name, what, promisedMs: STOPPED_MS, reason: 'shutdown', launch: 'node' },
  kill: signal(name, target),
})

const buggy = (name: string, crashBy: 'throw' | 'reject'): Death => ({
  ...{ name, what: name.replace('-', ' '), promisedMs: CRASHED_MS, reason: 'crashed', launch: 'node' },
  env: {
    CRASH_BY: crashBy,
    NODE_OPTIONS: `--import ${pathToFileURL(join(import.meta.dirname, 'crashOnSignal.js')).href}`,
  },
  kill: signal('SIGUSR2', 'worker'),
})

const above = (name: string, what: string, launch: Launch, kill: Death['kill']): Death => ({
  ...{ name, what, promisedMs: ABOVE_GONE_MS, reason: 'shutdown', launch, kill },
})

export const deaths: readonly Death[] = [
  stopped('SIGINT', 'group', 'Ctrl+C (SIGINT to the group)'),
  stopped('SIGTERM', 'supervisor', '`kill` (SIGTERM)'),
  stopped('SIGQUIT', 'supervisor', 'SIGQUIT'),
  stopped('SIGHUP', 'group', 'terminal closed (SIGHUP to the group)'),
  buggy('uncaught-exception', 'throw'),
  buggy('unhandled-rejection', 'reject'),
  {
    ...{ name: 'kill-worker', what: '`kill -9` of the worker', promisedMs: CRASHED_MS, reason: 'crashed' },
    ...{ launch: 'node', kill: signal('SIGKILL', 'worker') },
  },
  above('kill-supervisor', '`kill -9` of the supervisor', 'node', signal('SIGKILL', 'supervisor')),
  above('kill-pnpm', '`kill -9` of pnpm', 'npx', signal('SIGKILL', 'pnpm')),
  above('kill-npx', '`kill` of npx alone', 'npx', signal('SIGTERM', 'npx')),
]

/** What is seen by the sweep or after it, together in one stage: it takes minutes. */
export const silences = ['backend-down', 'frozen', 'woken', 'lost'] as const

export type SilenceName = (typeof silences)[number]

/** Of both kinds, as `pnpm bench detection --kinds` takes them. */
export const detectionNames: readonly string[] = [...deaths.map(({ name }) => name), ...silences]
