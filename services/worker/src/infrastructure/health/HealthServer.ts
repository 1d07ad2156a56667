import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SupervisorLogger } from '../../supervisor/SupervisorLogger'

/** A port that is taken, by the process that this one replaces for example, is tried again after this; milliseconds. */
const RETRY_MS = 2_000

/** A client that sends its request slower than this is left; milliseconds. */
const REQUEST_MS = 5_000

/** Which endpoint it is, by the variable that gives its port: what its events begin with, and what a person calls it. */
const endpoints = {
  ROLLCALL_HEALTH_PORT: { event: 'health', words: 'health endpoint' },
  SUPERVISOR_HEALTH_PORT: { event: 'supervisor-health', words: "supervisor's health endpoint" },
} as const

export interface HealthServerOptions {
  /** 0: any free one. */
  port: number
  setting: keyof typeof endpoints
  /** See `createAnswerer`. */
  answer: RequestListener
  logger: Pick<SupervisorLogger, 'info' | 'warn'>
  /** Milliseconds; default 2000. */
  retryMs?: number
}

/**
 *  trying ──port free──▶ listening
 *    ↑ │ port taken         │
 *    │ ▼                    │
 *  waiting                  │      close() leads from each to closed (terminal)
 */
type Listening =
  { name: 'trying' } | { name: 'waiting'; retry: NodeJS.Timeout } | { name: 'listening' } | { name: 'closed' }

/**
 * A health endpoint, on 127.0.0.1 only; listens from its making until `close`. It never keeps the process alive. Loads
 * nothing but Node's own modules: a supervisor has one too.
 */
export class HealthServer {
  readonly #server: Server
  #listening: Listening = { name: 'trying' }
  #hasWarned = false

  constructor(private readonly options: HealthServerOptions) {
    const limits = { headersTimeout: REQUEST_MS, requestTimeout: REQUEST_MS }
    this.#server = createServer(limits, options.answer)
    this.#server.unref()
    this.#server.on('connection', (socket) => socket.unref())
    this.#server.on('listening', () => this.#onListening())
    this.#server.on('error', (error: NodeJS.ErrnoException) => this.#onError(error))
    this.#listen()
  }

  /** Undefined while it does not listen. */
  get url(): string | undefined {
    if (this.#listening.name !== 'listening') return undefined
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Frees the port and cuts every connection at once. Idempotent. */
  close(): void {
    if (this.#listening.name === 'waiting') clearTimeout(this.#listening.retry)
    this.#listening = { name: 'closed' }
    this.#server.close()
    this.#server.closeAllConnections()
  }

  #listen(): void {
    this.#listening = { name: 'trying' }
    this.#server.listen(this.options.port, '127.0.0.1')
  }

  #onListening(): void {
    this.#listening = { name: 'listening' }
    const { url } = this
    const { event, words } = endpoints[this.options.setting]
    this.options.logger.info({ event: `${event}.listening`, url }, `${words} at ${url ?? ''}`)
  }

  #onError(error: NodeJS.ErrnoException): void {
    if (this.#listening.name !== 'trying') return
    this.#warn(error.code)
    const retry = setTimeout(() => this.#listen(), this.options.retryMs ?? RETRY_MS)
    this.#listening = { name: 'waiting', retry: retry.unref() }
  }

  #warn(code: string | undefined): void {
    if (this.#hasWarned) return
    this.#hasWarned = true
    const { port, setting, logger } = this.options
    const { event, words } = endpoints[setting]
    if (code === 'EADDRINUSE') {
      logger.warn(
        { event: `${event}.port-taken`, port },
        `port ${port} of the ${words} (${setting}) is taken; trying again until it is free`,
      )
      return
    }
    logger.warn(
      { event: `${event}.port-refused`, port, code },
      `the ${words} cannot have port ${port} (${code ?? 'unknown'}): choose another ${setting}`,
    )
  }
}
