import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config'
import { UsageError } from '../errors'
import { credentialsFolder, hasKeptToken } from '../pairing/CredentialsEntry'
import { paths } from '../paths'
import { environmentFile, withoutSecrets, type Variables } from '../service/environmentFile'
import { findServiceManager } from '../service/findServiceManager'
import { assertReachable, installService, required, uninstallService } from '../service/installService'
import { stopMsFor, type Service } from '../service/Service'
import type { ServiceManager } from '../service/ServiceManager'
import { searchPathOf, serviceVariables } from '../service/serviceVariables'
import { complain, say } from '../terminal'

export interface InstallContext {
  config: Config
  /** The environment of this process itself, without `.env.local`. */
  given: Readonly<Record<string, string | undefined>>
  /** Only print what would be written. */
  dryRun: boolean
}

/** Installs the worker as a service of this user. Answers 0. Throws `UsageError`. */
export function serviceInstall({ config, given, dryRun }: InstallContext): number {
  const manager = managerFor(config)
  if (!dryRun) assertReachable(manager)
  assertCanJoin(config)
  const service = serviceFor(config)
  const variables = serviceVariables(config, given)
  if (dryRun) return show(manager, service, variables)
  const isChanged = installService(manager, service, variables)
  say(
    isChanged
      ? `Installed and started: ${manager.file}\nIts environment: ${service.environmentFile}`
      : `Installed already, and unchanged: ${manager.file}`,
  )
  for (const note of manager.notes()) say(note)
  return 0
}

/** Says whether the service is installed and runs. Answers 0 if it runs, 1 if not. Throws `UsageError`. */
export function serviceStatus(config: Config): number {
  const manager = managerFor(config)
  assertReachable(manager)
  const { isInstalled, isRunning, lines } = manager.state()
  if (!isInstalled) say('Not installed. `pnpm service install` does it.')
  for (const line of lines) say(line)
  return isRunning ? 0 : 1
}

/** Stops the service, which drains, and removes what `install` wrote. Answers 0. Throws `UsageError`. */
export function serviceUninstall(config: Config): number {
  const manager = managerFor(config)
  assertReachable(manager)
  const path = environmentPath(config)
  const removed = uninstallService(manager, path)
  for (const file of removed) say(`Removed: ${file}`)
  if (removed.length === 0) say('There was nothing to remove.')
  if (existsSync(path)) say(`Kept, with the lines that you added: ${path}`)
  return 0
}

function managerFor({ environment }: Config): ServiceManager {
  return required(findServiceManager(environment['XDG_CONFIG_HOME']))
}

function environmentPath({ configDir }: Config): string {
  return join(configDir, 'service.env')
}

function serviceFor(config: Config): Service {
  return {
    node: process.execPath,
    workingDirectory: paths.repo,
    buildProgram: paths.buildProgram,
    program: paths.program,
    environmentFile: environmentPath(config),
    searchPath: searchPathOf(config.environment),
    stopMs: stopMsFor(config.shutdownTimeoutMs),
  }
}

/** A code to be let in by would be shown where nobody looks. */
function assertCanJoin({ convexUrl, workerToken, configDir }: Config): void {
  if (convexUrl === undefined || workerToken !== undefined) return
  if (hasKeptToken(credentialsFolder(configDir, convexUrl))) return
  throw new UsageError([
    `This worker has no token for ${convexUrl} yet. Run \`pnpm start\` once and let it join, stop it, then install.`,
  ])
}

function show(manager: ServiceManager, service: Service, variables: Variables): number {
  say(`# ${manager.file}\n${manager.describe(service)}`)
  say(`# ${service.environmentFile}\n${environmentFile(manager.kind, withoutSecrets(variables))}`)
  const why = manager.unreachable()
  if (why !== undefined)
    complain(`Nothing can be installed here: the ${manager.kind} of this user cannot be reached (${why}).`)
  return 0
}
