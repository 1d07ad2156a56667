import { Command, CommanderError } from 'commander'
import { readConfig, type Config } from './config'
import { createLogger } from './createLogger'
import { UsageError } from './errors'
import { listenForStop, StopRequested, type StopRequest } from './stopRequest'
import { complain, outliveReaders, say } from './terminal'

const stop = listenForStop()

/** Nothing of what the other command needs is loaded: this process stays for as long as its worker. */
const program = new Command('rollcall')
  .description('Tells the truth about a fleet of opencode workers.')
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('Try --help.')
  .allowExcessArguments(false)
  .addHelpText(
    'after',
    `
Environment, also read from .env.local:
  CONVEX_URL           a Convex deployment; without it the embedded backend on this machine is used
  WORKER_TOKEN         the worker's token, as the page shows it once; without it, a worker with CONVEX_URL shows a code
                       by which it is let join, and keeps its token
  CONVEX_DEPLOY_KEY    for status and login-link with CONVEX_URL
  WORKER_NAME          the worker's name (default: the first free of worker, worker-2 …)
  WORKER_DIRECTORY     where opencode works (default: this folder)
  OPENCODE_BIN         another opencode than the one that comes along
  ROLLCALL_DATA_DIR    the embedded backend's folder (default: .rollcall)
  ROLLCALL_CONFIG_DIR  where tokens for deployments are kept (default: the platform's folder for configuration)
  ROLLCALL_PORT        its port, page and API (default: 3210; 0: any free one)
  ROLLCALL_HEALTH_PORT the worker's /healthz, /readyz and /metrics (default: any free port of this machine, see its log)
  SHUTDOWN_TIMEOUT_MS  how long a worker may take to drain
  LOG_LEVEL            fatal, error, warn, info, debug, trace or silent (default: info)
  LOG_FORMAT           json or pretty (default: pretty in a terminal)

Exit codes: 0 drained, 1 error, 2 configuration, 3 superseded, 4 revoked, 130 forced.`,
  )

let exitCode = 0

program
  .command('start')
  .description('run a worker, and the embedded backend with its page unless CONVEX_URL is set')
  .option('--demo', 'answer chats with a scripted model: no key, no network', false)
  .action(async ({ demo }: { demo: boolean }) => {
    const { start } = await import('./commands/start')
    exitCode = await stoppable((context) => start({ ...context, demo }))
  })

program
  .command('dev')
  .description('run the embedded backend and the page, reloading on change; workers join with start')
  .option('--built', 'serve the page as built and load the functions once', false)
  .action(async ({ built }: { built: boolean }) => {
    const { dev } = await import('./commands/dev')
    exitCode = await stoppable((context) => dev({ ...context, built }))
  })

program
  .command('status')
  .description('show machines and workers; exits with 1 if none is online')
  .option('--json', 'as JSON', false)
  .option('--watch', 'again at each change; with --json one line per change', false)
  .action(async (options: { json: boolean; watch: boolean }) => {
    const { status } = await import('./commands/status')
    exitCode = await status({ config: currentConfig(), stop: stop.signal, ...options })
  })

program
  .command('login-link')
  .description('make a link that signs in once, within 10 minutes; for whoever runs the backend')
  .option(
    '--email <email>',
    'whom it signs in (default: the local owner, on a deployment its first administrator)',
  )
  .action(async ({ email }: { email?: string }) => {
    const { loginLink } = await import('./commands/loginLink')
    exitCode = await loginLink({ config: currentConfig(), email })
  })

async function stoppable(
  run: (context: {
    config: Config
    logger: Awaited<ReturnType<typeof createLogger>>
    stop: StopRequest
  }) => Promise<number>,
): Promise<number> {
  const config = currentConfig()
  try {
    return await run({ config, logger: await createLogger(config), stop })
  } catch (error: unknown) {
    if (!stop.signal.aborted || (error !== stop.signal.reason && !isAbort(error))) throw error
    say('Stopped before it was ready')
    return 0
  }
}

function currentConfig(): Config {
  return readConfig({ env: process.env, isTerminal: process.stdout.isTTY })
}

function isAbort(error: unknown): boolean {
  return error instanceof StopRequested || (error instanceof Error && error.name === 'AbortError')
}

outliveReaders()
try {
  await program.parseAsync()
} catch (error: unknown) {
  exitCode = report(error)
}
process.exit(exitCode)

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof UsageError) {
    for (const line of error.lines) complain(line)
    return error.exitCode
  }
  complain(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return 1
}
