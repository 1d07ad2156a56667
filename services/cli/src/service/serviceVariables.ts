import { delimiter } from 'node:path'
import { pathsIn } from '@rollcall/worker/environment-rules'
import type { Config } from '../config'
import type { Variables } from './environmentFile'

/** Kept as they were given; `.env.local` is read again at each start. */
const kept = [
  'CONVEX_URL',
  'WORKER_TOKEN',
  'WORKER_NAME',
  'ROLLCALL_PORT',
  'ROLLCALL_HEALTH_PORT',
  'SUPERVISOR_HEALTH_PORT',
  'SHUTDOWN_TIMEOUT_MS',
  'LOG_LEVEL',
  'LOG_FORMAT',
] as const

/** Kept as absolute paths, of which one may hold several. */
const keptPaths = ['WORKER_DIRECTORY', 'OPENCODE_BIN', 'ROLLCALL_DATA_DIR', 'SHUTDOWN_HOOKS'] as const

/**
 * What the service shall find in its environment, of the environment `given` to whoever installs it. Always with the search path and the
 * folder of the tokens, which would follow from variables that a service does not have.
 */
export function serviceVariables(
  { configDir }: Pick<Config, 'configDir'>,
  given: Readonly<Record<string, string | undefined>>,
): Variables {
  const has = (name: string) => (given[name] ?? '') !== ''
  const of = (names: readonly string[], take: (value: string) => string) =>
    names.filter(has).map((name) => [name, take(given[name] ?? '')] as const)
  return Object.fromEntries([
    ['PATH', searchPathOf(given)] as const,
    ...of(kept, (value) => value.trim()),
    ...of(keptPaths, (value) => pathsIn(value).join(delimiter)),
    ['ROLLCALL_CONFIG_DIR', configDir] as const,
  ])
}

/** Where this person's programs are. What npx and pnpm put before it is gone, or another's, by the time the service runs. */
export function searchPathOf(given: Readonly<Record<string, string | undefined>>): string {
  return (given['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.split('/').includes('node_modules'))
    .join(delimiter)
}
