import { exitCodeMeanings, exitCodes } from '@rollcall/worker/exit-codes'
import { Command, InvalidArgumentError, Option } from 'commander'
import { readConfig, type Config } from './config'
import { createLogger } from './createLogger'
import { environmentHelp } from './environmentVariables'
import type { TypedSeedChoice } from './seed/seedChoice'
import { serviceKinds, type ServiceKind } from './service/Service'
import { settingsHelp } from './settings/renderSettings'
import { StopRequested, type EarlyStop } from './listenForStop'
import { say } from './terminal'

/** What became of a command. */
export interface CommandEnd {
  exitCode: number
  /** What started this process as a service, if anything did. */
  startedBy: ServiceKind | undefined
}

/**
 * The commands, with what they take and what they do; each leaves in `run` how it ended. Nothing of what the other commands need
 * is loaded: this process stays for as long as its worker.
 */
export function createProgram(stop: EarlyStop, run: CommandEnd): Command {
  const program = new Command('rollcall')
    .description('Tells the truth about a fleet of opencode workers.')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('Try --help.')
    .allowExcessArguments(false)
    .enablePositionalOptions()
    .addHelpText(
      'after',
      `
Environment, also read from .env.local:
${environmentHelp()}

Exit codes of start:
${exitCodesHelp()}`,
    )

  program
    .command('start')
    .description('run a worker, and the embedded backend with its page unless CONVEX_URL is set')
    .option('--demo', 'answer chats with a scripted model: no key, no network', false)
    .addOption(new Option('--service <manager>').choices(serviceKinds).hideHelp())
    .action(async ({ demo, service }: { demo: boolean; service?: ServiceKind }) => {
      run.startedBy = service
      const { start } = await import('./commands/start')
      run.exitCode = await stoppable(stop, (context) => start({ ...context, demo, service }))
    })

  program
    .command('dev')
    .description('run the embedded backend and the page, reloading on change; workers join with start')
    .option('--built', 'serve the page as built and load the functions once', false)
    .action(async ({ built }: { built: boolean }) => {
      const { dev } = await import('./commands/dev')
      run.exitCode = await stoppable(stop, (context) => dev({ ...context, built }))
    })

  program
    .command('status')
    .description('show machines and workers; exits with 1 if none is online')
    .option('--json', 'as JSON', false)
    .option('--watch', 'again at each change; with --json one line per change', false)
    .action(async (options: { json: boolean; watch: boolean }) => {
      const { status } = await import('./commands/status')
      run.exitCode = await status({ config: currentConfig(), stop: stop.signal, ...options })
    })

  const settings = program
    .command('settings')
    .description('show or change what the deployment is set to')
    .addHelpText('after', settingsHelp())

  settings
    .command('get')
    .description('show all settings')
    .option('--json', 'as JSON, times in milliseconds', false)
    .action(async ({ json }: { json: boolean }) => {
      const { getSettings } = await import('./commands/settings')
      run.exitCode = await getSettings({ config: currentConfig(), json })
    })

  settings
    .command('set')
    .description('change settings, all or none of those given, and show what they are then')
    .argument('<name=value...>', 'such as heartbeatIntervalMs=10s staleThresholdMs=30s')
    .option('--json', 'as JSON, times in milliseconds', false)
    .addHelpText('after', settingsHelp())
    .action(async (typed: string[], { json }: { json: boolean }) => {
      const { setSettings } = await import('./commands/settings')
      run.exitCode = await setSettings({ config: currentConfig(), json, typed })
    })

  program
    .command('seed')
    .description(
      'put a made-up fleet into the embedded backend that runs, for design work, and keep it alive',
    )
    .option('--workers <number>', 'how many (default: 60)')
    .option('--machines <number>', 'on how many (default: one for about 14 workers)')
    .option('--seed <number>', 'the same number makes the same fleet (default: another one each time)')
    .option('--remove', 'only remove the fleet that an earlier one has made', false)
    .action(async ({ remove, ...typed }: TypedSeedChoice & { remove: boolean }) => {
      const { seed } = await import('./commands/seed')
      run.exitCode = await seed({ config: currentConfig(), stop: stop.signal, typed, remove })
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
      run.exitCode = await loginLink({ config: currentConfig(), email })
    })

  program
    .command('convex')
    .description('run the official Convex CLI on the backend: data, run, logs, env, function-spec …')
    .argument('[arguments...]', 'as after `npx convex`')
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (typed: string[]) => {
      const { convex } = await import('./commands/convex')
      run.exitCode = await convex({ config: currentConfig(), typed, stop: stop.signal })
    })

  const service = program
    .command('service')
    .description('have a worker run whenever you are logged in, or always: by systemd or launchd')

  service
    .command('install')
    .description('install and start it; again after a change of the environment')
    .option('--dry-run', 'only print what would be written', false)
    .action(async ({ dryRun }: { dryRun: boolean }) => {
      const { serviceInstall } = await import('./commands/service')
      run.exitCode = serviceInstall({ config: currentConfig(), given: process.env, dryRun })
    })

  service
    .command('status')
    .description('say whether it runs; exits with 1 if it does not')
    .action(async () => {
      const { serviceStatus } = await import('./commands/service')
      run.exitCode = serviceStatus(currentConfig())
    })

  service
    .command('uninstall')
    .description('stop it and remove what install wrote')
    .action(async () => {
      const { serviceUninstall } = await import('./commands/service')
      run.exitCode = serviceUninstall(currentConfig())
    })

  program
    .command('logs')
    .description('show the log of the installed service')
    .option('--follow', 'go on with what comes', false)
    .option('--lines <number>', 'how many lines from the end', wholeNumber, 200)
    .action(async (options: { follow: boolean; lines: number }) => {
      const { logs } = await import('./commands/logs')
      run.exitCode = await logs({ config: currentConfig(), stop: stop.signal, ...options })
    })

  program
    .command('doctor')
    .description(
      'look for what keeps a worker from running, and say how to mend it; exits with 1 on a problem',
    )
    .option('--json', 'as JSON', false)
    .action(async ({ json }: { json: boolean }) => {
      const { doctor } = await import('./commands/doctor')
      run.exitCode = await doctor({ env: process.env, json, stop: stop.signal })
    })

  return program
}

function exitCodesHelp(): string {
  const names = Object.keys(exitCodes) as (keyof typeof exitCodes)[]
  return names.map((name) => `  ${String(exitCodes[name]).padStart(3)}  ${exitCodeMeanings[name]}`).join('\n')
}

function wholeNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number.')
}

async function stoppable(
  stop: EarlyStop,
  run: (context: {
    config: Config
    logger: Awaited<ReturnType<typeof createLogger>>
    stop: EarlyStop
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
