import { UsageError } from '../errors'
import { environmentFile, ownLinesIn, type Variables } from './environmentFile'
import { readOwnFile, removeOwnFile, writeOwnFile } from './ownFile'
import type { Service } from './Service'
import type { ServiceManager } from './ServiceManager'

/**
 * Writes the service's files and starts it; a service that is there already is started again only if something changed. Answers whether
 * it did. Throws `UsageError`, and then has not touched a file that it did not write.
 */
export function installService(manager: ServiceManager, service: Service, variables: Variables): boolean {
  // Both are looked at before either is written.
  const before = readOwnFile(service.environmentFile)
  readOwnFile(manager.file)
  const environment = environmentFile(manager.kind, variables, ownLinesIn(before ?? ''))
  const hasNewEnvironment = writeOwnFile(service.environmentFile, environment, 0o600)
  const isChanged = writeOwnFile(manager.file, manager.describe(service), 0o644) || hasNewEnvironment
  manager.activate(isChanged)
  return isChanged
}

/**
 * Stops the service and removes its files; lines that a person added to its environment stay. Answers what was removed. Throws
 * `UsageError`.
 */
export function uninstallService(manager: ServiceManager, environmentPath: string): string[] {
  const environment = readOwnFile(environmentPath)
  const removed: string[] = []
  const remove = (path: string) => {
    if (removeOwnFile(path)) removed.push(path)
  }
  if (readOwnFile(manager.file) !== undefined) manager.deactivate(() => remove(manager.file))
  const own = ownLinesIn(environment ?? '')
  if (own.trim() === '') remove(environmentPath)
  else writeOwnFile(environmentPath, environmentFile(manager.kind, {}, own), 0o600)
  return removed
}

const INSTEAD =
  'Have `pnpm start` run by whatever starts programs here, a container’s entry point for instance; see docs/service.md.'

/** Throws `UsageError` on a platform that has neither manager. */
export function required(manager: ServiceManager | undefined): ServiceManager {
  if (manager) return manager
  throw new UsageError([`This platform has neither systemd nor launchd. ${INSTEAD}`])
}

/** Throws `UsageError` if it cannot be talked to, as in a container. */
export function assertReachable(manager: ServiceManager): void {
  const why = manager.unreachable()
  if (why === undefined) return
  throw new UsageError([`The ${manager.kind} of this user cannot be reached (${why}). ${INSTEAD}`])
}
