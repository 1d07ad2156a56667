import { mkdirSync } from 'node:fs'
import type { Logger } from 'pino'
import { BackendKeeper } from '../backend/BackendKeeper'
import type { PageSource } from '../backend/spawnBackend'
import type { Config } from '../config'
import { WorkerReloader } from '../dev/WorkerReloader'
import { UsageError } from '../errors'
import { makeLocalSignInLink } from '../local/signInLink'
import { buildPage } from '../page/buildPage'
import { startPageDevServer, type PageDevServer } from '../page/startPageDevServer'
import { toldToStop, type EarlyStop } from '../listenForStop'
import { say } from '../terminal'

export interface DevContext {
  config: Config
  logger: Logger
  stop: EarlyStop
  /** Serve the page as built, and load the functions once. */
  built: boolean
}

/** Runs backend and page until told to stop. Throws `UsageError`, or `StopRequested` if that came before they were ready. */
export async function dev({ config, logger, stop, built }: DevContext): Promise<number> {
  const { dataDir, port, environment } = config
  if (config.convexUrl !== undefined) {
    throw new UsageError([
      'CONVEX_URL is set: `pnpm dev` runs the embedded backend. Unset it, or use `npx convex dev`.',
    ])
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  let devServer: PageDevServer | undefined
  let reloader: WorkerReloader | undefined
  const page = async (signal: AbortSignal): Promise<PageSource> => {
    if (built) return { kind: 'built', folder: await buildPage(signal) }
    devServer ??= await startPageDevServer(signal)
    return { kind: 'devServer', url: devServer.url }
  }
  try {
    const options = { kind: 'dev', dataDir, port, environment, logger, watch: !built, page } as const
    const keeper = await BackendKeeper.open(options, stop.signal)
    try {
      const { api } = keeper
      logger.info({ event: 'backend.ready', url: api.url }, 'Backend ready')
      const link = await makeLocalSignInLink(api)
      say(
        `\n  Page     ${api.url}\n  Sign in  ${link}   (once, within 10 minutes)\n  Worker   pnpm start, in another terminal\n  Stop     Ctrl+C\n`,
      )
      reloader = built ? undefined : new WorkerReloader({ api, dataDir, logger })
      await toldToStop(stop.signal)
    } finally {
      await reloader?.close()
      await keeper.close()
    }
  } finally {
    await devServer?.close()
  }
  say('Stopped')
  return 0
}
