import { mkdirSync } from 'node:fs'
import { superviseWorker } from '@rollcall/worker/supervisor'
import type { Logger } from 'pino'
import { BackendKeeper } from '../backend/BackendKeeper'
import type { Config } from '../config'
import { takeLocalWorker } from '../local/localWorker'
import { makeLocalSignInLink } from '../local/signInLink'
import { buildPage } from '../page/buildPage'
import { paths } from '../paths'
import type { ServiceKind } from '../service/Service'
import { SystemdNotifier } from '../service/SystemdNotifier'
import type { EarlyStop } from '../listenForStop'
import { complain, say } from '../terminal'

export interface StartContext {
  config: Config
  logger: Logger
  stop: EarlyStop
  demo: boolean
  /** What started this process as a service, if anything did: then nobody reads what is printed for a person. */
  service: ServiceKind | undefined
}

/** What has to be given back, in this order, when the worker is gone. */
type Release = () => void | Promise<void>

/**
 * Runs a worker until it has drained. Answers the exit code. Throws `UsageError`, or `StopRequested` if told to stop before
 * there was a worker.
 */
export async function start(context: StartContext): Promise<number> {
  const { config, logger, stop } = context
  const releases: Release[] = []
  try {
    const place =
      config.convexUrl === undefined
        ? await onThisMachine(context, releases)
        : await deployedAt(config.convexUrl, context, releases)
    const demo = context.demo ? await (await import('./startDemo')).startDemo(config) : undefined
    if (demo) releases.unshift(() => demo.close())
    stop.signal.throwIfAborted()
    const running = superviseWorker({
      // Whoever works on it wants to see where it failed; others are spared the memory.
      program: [...(place.keeper?.isOfDeveloper ? ['--enable-source-maps'] : []), paths.workerProgram],
      env: {
        ...config.environment,
        ...demo?.environment,
        LOG_LEVEL: config.logLevel,
        LOG_FORMAT: config.logFormat,
        ...place.environment,
      },
      healthPort: config.supervisorHealthPort,
      logger,
      ...(place.keeper && { inherit: [place.keeper.lifelineEnd] }),
    })
    stop.handOver()
    releases.push(tellService(context))
    const { exitCode } = await running
    await place.workerEnded?.(exitCode)
    return exitCode
  } finally {
    for (const release of releases) await release()
  }
}

/** Says that the service is ready, and goes on saying so until the answer is called. */
function tellService({ config, logger, service }: StartContext): Release {
  if (service !== 'systemd' || config.notify === undefined) return () => undefined
  const searchPath = config.environment['PATH'] ?? ''
  const notifier = new SystemdNotifier({ notify: config.notify, searchPath, logger })
  notifier.ready()
  return () => notifier.close()
}

interface Place {
  environment: { CONVEX_URL: string; WORKER_TOKEN: string }
  keeper?: BackendKeeper
  /** To be called with the worker's exit code before anything is given back. */
  workerEnded?: (exitCode: number) => Promise<void>
}

async function deployedAt(url: string, context: StartContext, releases: Release[]): Promise<Place> {
  const { workerToken: token } = context.config
  if (token === undefined) return await joinedTo(url, context, releases)
  say(`\n  Worker of ${url}\n  Stop   Ctrl+C\n`)
  return { environment: { CONVEX_URL: url, WORKER_TOKEN: token } }
}

/** What is needed to join is loaded for that only. */
async function joinedTo(
  url: string,
  { config, logger, stop, demo }: StartContext,
  releases: Release[],
): Promise<Place> {
  const { takeDeployedWorker } = await import('../pairing/takeDeployedWorker')
  const directory = demo
    ? (await import('./startDemo')).demoDirectory(config)
    : (config.workerDirectory ?? process.cwd())
  const worker = await takeDeployedWorker({
    ...{ url, directory, logger },
    ...{ configDir: config.configDir, name: config.workerName, stop: stop.signal },
  })
  releases.unshift(() => worker.claim.release())
  say(`\n  Worker   ${worker.name} of ${url}\n  Stop     Ctrl+C\n`)
  return {
    environment: { CONVEX_URL: url, WORKER_TOKEN: worker.token },
    workerEnded: async (exitCode) => {
      if (!(await worker.forgetIfRefused(exitCode))) return
      complain('Its token is not valid any more and was removed; start again to pair anew.')
    },
  }
}

async function onThisMachine(
  { config, logger, stop, service }: StartContext,
  releases: Release[],
): Promise<Place> {
  const { dataDir, port, environment } = config
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const keeper = await BackendKeeper.open(
    {
      kind: 'start',
      dataDir,
      port,
      environment,
      logger,
      watch: false,
      page: async (signal) => ({ kind: 'built', folder: await buildPage(signal) }),
    },
    stop.signal,
  )
  releases.unshift(() => keeper.close())
  const { api } = keeper
  logger.info({ event: 'backend.ready', url: api.url }, 'Backend ready')
  const worker =
    config.workerToken === undefined
      ? await takeLocalWorker(api, { dataDir, name: config.workerName })
      : undefined
  if (worker) releases.unshift(() => worker.claim.release())
  const link = service === undefined ? await makeLocalSignInLink(api) : undefined
  say(
    [
      '',
      `  Page     ${api.url}`,
      ...(link === undefined ? [] : [`  Sign in  ${link}   (once, within 10 minutes)`]),
      ...(worker ? [`  Worker   ${worker.name} on ${worker.machineName}`] : []),
      '  Stop     Ctrl+C',
      '',
    ].join('\n'),
  )
  const token = worker?.token ?? config.workerToken ?? ''
  return { environment: { CONVEX_URL: api.url, WORKER_TOKEN: token }, keeper }
}
