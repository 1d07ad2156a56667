import { existsSync } from 'node:fs'
import type { Logger } from 'pino'
import { loadAdminKey } from './admin/adminKey'
import { openEngine } from './engine/openEngine'
import type { Engine, EngineOptions } from './engine/types'
import { EmbeddedBackendError } from './errors'
import { BackendServer } from './protocol/BackendServer'
import { HTTP_ACTION_PREFIX } from './protocol/http/runHttpAction'
import { isLoopback } from './protocol/http/isOwnHost'
import { Listener } from './protocol/Listener'

export interface EmbeddedBackendOptions {
  /** The `convex/` folder to run. */
  functionsDir: string
  /** Data folder, or `':memory:'`. */
  dataDir: string
  /** 0 takes any free port. */
  port: number
  /** Loopback unless said otherwise. */
  host?: string
  /** Built page to serve on the same origin: a folder (`index.html` answers unknown paths), or an `http://127.0.0.1:…` dev server to pass requests on to. */
  page?: { folder: string } | { devServer: string }
  /** Environment variables for the functions, written durably at start where they are not set yet. */
  env?: Record<string, string>
  tellsPlaces?: EngineOptions['tellsPlaces']
  began?: EngineOptions['began']
  logger: Logger
}

export interface EmbeddedBackend {
  /** `http://127.0.0.1:<port>`: API, sync WebSocket and page. */
  url: string
  /** Where HTTP actions answer: `<url>/http`. */
  siteUrl: string
  port: number
  /** For `npx convex … --admin-key`; kept in `<dataDir>/admin-key`, mode 0600. */
  adminKey: string
  engine: Engine
  close(): Promise<void>
}

/**
 * Starts store, functions and server. Throws `EmbeddedBackendError` for what a person can mend; what was started before the
 * error is stopped again. When it closes, it takes nothing new, answers what is running, and then lets go of the data.
 */
export async function startEmbeddedBackend(options: EmbeddedBackendOptions): Promise<EmbeddedBackend> {
  const { functionsDir, dataDir, page, tellsPlaces, began, logger } = options
  assertPageExists(page)
  const stops: (() => Promise<void>)[] = []
  try {
    const listener = await Listener.open(options.host ?? '127.0.0.1', options.port)
    stops.unshift(() => listener.close())
    const { url, port } = listener
    const { host = '127.0.0.1' } = options
    if (!isLoopback(host)) {
      logger.warn(
        { event: 'backend.exposed', host, port },
        `Whoever reaches ${host}:${port} can call the public functions and read the page, unencrypted: put TLS in front of it, or leave --host out`,
      )
    }
    const siteUrl = `${url}${HTTP_ACTION_PREFIX}`
    const urls = () => ({ cloudUrl: url, siteUrl })
    const engine = await openEngine({ functionsDir, dataDir, urls, tellsPlaces, began, logger })
    stops.push(() => engine.close())
    await seedEnvironment(engine, options.env ?? {})
    const adminKey = await loadAdminKey(dataDir)
    const server = new BackendServer({ engine, adminKey, url, siteUrl, page, logger })
    // Together: the port must be free of new sockets while the old ones say goodbye.
    stops[0] = async () => {
      await Promise.all([listener.close(), server.close()])
    }
    listener.serve(server)

    let closing: Promise<void> | null = null
    const close = () => (closing ??= stopAll(stops))
    return { url, siteUrl, port, adminKey, engine, close }
  } catch (error) {
    await stopAll(stops)
    throw error
  }
}

function assertPageExists(page: EmbeddedBackendOptions['page']): void {
  if (!page || !('folder' in page) || existsSync(page.folder)) return
  throw new EmbeddedBackendError(
    'BAD_OPTION',
    `The page's folder ${page.folder} does not exist: build the page first.`,
  )
}

async function seedEnvironment(engine: Engine, env: Record<string, string>): Promise<void> {
  const known = new Set(engine.environment.list().map(({ name }) => name))
  const missing = Object.entries(env).filter(([name]) => !known.has(name))
  if (missing.length === 0) return
  await engine.environment.update(missing.map(([name, value]) => ({ name, value })))
}

/** One after the other; each is tried, the first error is kept. */
async function stopAll(stops: (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = []
  for (const stop of stops) await stop().catch((error: unknown) => errors.push(error))
  if (errors.length > 0) throw new Error('The embedded backend did not close cleanly', { cause: errors[0] })
}
