import { nodeFlags } from '@rollcall/embedded-backend/node-flags'
import { spawn } from 'node:child_process'
import type { Logger } from 'pino'
import * as z from 'zod'
import { paths } from '../paths'
import { BackendVoice } from './BackendVoice'
import type { Lifeline } from './Lifeline'

export type PageSource = { kind: 'built'; folder: string } | { kind: 'devServer'; url: string }

export interface SpawnBackendOptions {
  dataDir: string
  port: number
  page: PageSource
  /** Loads the functions again when they change. */
  watch: boolean
  lifeline: Lifeline
  environment: Readonly<Record<string, string | undefined>>
  logger: Logger
}

export interface SpawnedBackend {
  url: string
  pid: number
  /** Resolves when its process has ended. */
  ended: Promise<void>
  kill(signal: NodeJS.Signals): void
}

export type SpawnOutcome =
  | { kind: 'ready'; backend: SpawnedBackend }
  /** `isMistake`: a person can mend it; `message` is one line that says how. */
  | { kind: 'failed'; isMistake: boolean; message: string }

const ready = z.object({ event: z.literal('backend.ready'), url: z.url() })

/** What the program exits with for a mistake, having said on standard error what it is. */
const EXIT_MISTAKE = 2

const START_TIMEOUT_MS = 30_000
/** Not for the functions' process: what only a worker or a person may hold. */
const withheld = ['WORKER_TOKEN', 'CONVEX_DEPLOY_KEY']

/**
 * Starts the embedded backend in a session of its own, so that a terminal's Ctrl+C does not end it under a worker that is
 * still draining; it ends by its lifeline. Its warnings and errors go to `logger`.
 */
export async function spawnBackend(options: SpawnBackendOptions, signal: AbortSignal): Promise<SpawnOutcome> {
  const { dataDir, port, page, watch, lifeline, logger } = options
  const flags = ['--functions', paths.functions, '--data', dataDir, '--port', String(port), '--lifeline']
  flags.push(...(page.kind === 'built' ? ['--page', page.folder] : ['--page-dev-server', page.url]))
  if (watch) flags.push('--watch')
  const environment = Object.entries(options.environment).filter(([name]) => !withheld.includes(name))
  const sourceMaps = watch ? ['--enable-source-maps'] : []
  const child = spawn(process.execPath, [...nodeFlags, ...sourceMaps, paths.backendProgram, ...flags], {
    cwd: paths.repo,
    detached: true,
    stdio: [lifeline.readEnd, 'pipe', 'pipe', 'ipc'],
    env: { ...Object.fromEntries(environment), LOG_FORMAT: 'json' },
  })
  const exit = new Promise<number | null>((resolve) => {
    // Not reached if the IPC channel were disconnected from here; it ends with either process.
    child.once('close', resolve)
    child.once('error', () => resolve(null))
  })
  const voice = new BackendVoice(child, logger.child({ service: 'backend' }))
  const started = await new Promise<{ url: string } | { failure: string }>((resolve) => {
    const settle = (outcome: { url: string } | { failure: string }) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', giveUp)
      resolve(outcome)
    }
    const giveUp = () => settle({ failure: 'The backend was told to stop while it started.' })
    const tooLong = () => settle({ failure: 'The backend did not start within 30 s.' })
    const timer = setTimeout(tooLong, START_TIMEOUT_MS)
    signal.addEventListener('abort', giveUp)
    if (signal.aborted) giveUp()
    child.on('message', (message) => {
      const { data } = ready.safeParse(message)
      if (data) settle(data)
    })
    void exit.then(() => settle({ failure: voice.lastWords() || 'The backend ended while it started.' }))
  })
  if ('failure' in started || child.pid === undefined) {
    child.kill('SIGKILL')
    const message = 'failure' in started ? started.failure : 'The backend has no process.'
    return { kind: 'failed', isMistake: (await exit) === EXIT_MISTAKE, message }
  }
  voice.speakUp()
  const { pid } = child
  const kill = (name: NodeJS.Signals) => child.kill(name)
  return { kind: 'ready', backend: { url: started.url, pid, ended: exit.then(() => undefined), kill } }
}
