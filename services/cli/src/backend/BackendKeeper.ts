import type { Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { settledWithin } from '@rollcall/worker/settled-within'
import type { Logger } from 'pino'
import { isAlive } from '../local/processIdentity'
import type { AdminApi } from './AdminApi'
import { findBackend, removeBackendRecord } from './BackendRecord'
import { Lifeline } from './Lifeline'
import { openBackend, type OpenBackendOptions, type OpenedBackend } from './openBackend'

export type KeeperOptions = Omit<OpenBackendOptions, 'lifeline'> & { logger: Logger }

const POLL_MS = process.platform === 'linux' ? 500 : 2_000
const FIRST_RETRY_MS = 250
const LONGEST_RETRY_MS = 30_000
const CLOSE_MS = 5_000
const TERMINATE_MS = 2_000

/**
 * Sees to it that a backend answers at one address for as long as this process needs it: uses the one that runs on the data
 * folder, starts one otherwise, and starts it again when it ends, whoever's it was. Only a `dev` backend of another terminal
 * is left to its developer.
 */
export class BackendKeeper {
  private readonly closing = new AbortController()
  private readonly watching: Promise<void>
  private closed: Promise<void> | undefined

  private constructor(
    private opened: OpenedBackend,
    private readonly lifeline: Lifeline,
    private readonly options: KeeperOptions,
  ) {
    this.watching = this.watch()
  }

  /** Throws what `openBackend` throws. */
  static async open(options: KeeperOptions, signal: AbortSignal): Promise<BackendKeeper> {
    const lifeline = Lifeline.make()
    try {
      return new BackendKeeper(await openBackend({ ...options, lifeline }, signal), lifeline, options)
    } catch (error) {
      lifeline.drop()
      throw error
    }
  }

  get api(): AdminApi {
    return this.opened.api
  }

  /** Whether it is run by `dev`: by somebody who works on this repository. */
  get isOfDeveloper(): boolean {
    return this.opened.kind === 'shared' && this.opened.record.kind === 'dev'
  }

  /** Held open by a process, it keeps the backend started here alive beside this process. */
  get lifelineEnd(): Writable {
    return this.lifeline.writeEnd
  }

  /** Lets go of the backend; one of our own has ended when this resolves. Idempotent, never rejects. */
  close(): Promise<void> {
    this.closed ??= this.letGo()
    return this.closed
  }

  private async letGo(): Promise<void> {
    this.closing.abort()
    this.lifeline.drop()
    await this.watching
    if (this.opened.kind !== 'own') return
    const { backend } = this.opened
    if (!(await settledWithin(backend.ended, CLOSE_MS))) {
      backend.kill('SIGTERM')
      if (!(await settledWithin(backend.ended, TERMINATE_MS))) backend.kill('SIGKILL')
      await backend.ended
    }
    removeBackendRecord(this.options.dataDir, backend.pid)
  }

  private async watch(): Promise<void> {
    const { logger } = this.options
    const { signal } = this.closing
    try {
      for (;;) {
        await this.gone()
        signal.throwIfAborted()
        const { url } = this.opened.api
        logger.warn({ event: 'backend.lost', url }, `The backend at ${url} has ended`)
        this.opened = await this.another()
        logger.info({ event: 'backend.ready', url: this.opened.api.url }, 'The backend is back')
      }
    } catch (error: unknown) {
      if (!signal.aborted) logger.error({ err: error }, 'The backend is no longer watched')
    }
  }

  /** Resolves when the backend has ended, or this keeper closes. */
  private async gone(): Promise<void> {
    const { signal } = this.closing
    if (this.opened.kind === 'own') {
      const closing = new Promise<void>((resolve) =>
        signal.addEventListener('abort', () => resolve(), { once: true }),
      )
      await Promise.race([this.opened.backend.ended, closing])
      return
    }
    while (isAlive(this.opened.record)) await delay(POLL_MS, undefined, { signal })
  }

  private async another(): Promise<OpenedBackend> {
    const { dataDir, logger } = this.options
    const { signal } = this.closing
    const port = Number(new URL(this.opened.api.url).port)
    if (this.opened.kind === 'shared' && this.opened.record.kind === 'dev') {
      logger.warn('It was run by `pnpm dev`; the worker reconnects when that runs again')
      for (;;) {
        await delay(POLL_MS, undefined, { signal })
        const found = await findBackend(dataDir)
        if (found) return { kind: 'shared', ...found }
      }
    }
    for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)) {
      await delay(retryMs * (0.5 + Math.random()), undefined, { signal })
      try {
        return await openBackend({ ...this.options, lifeline: this.lifeline, port }, signal)
      } catch (error: unknown) {
        signal.throwIfAborted()
        logger.error({ retryMs }, error instanceof Error ? error.message : String(error))
      }
    }
  }
}
