import { homedir } from 'node:os'
import { join } from 'node:path'
import { LaunchdManager } from './LaunchdManager'
import { runTool } from './runTool'
import type { ServiceManager } from './ServiceManager'
import { SystemdManager } from './SystemdManager'

/**
 * The service manager that this platform has, whether it answers or not; undefined where there is none. `configHome` is where the user's
 * configuration is, if not in `~/.config`.
 */
export function findServiceManager(configHome: string | undefined): ServiceManager | undefined {
  const uid = process.getuid?.() ?? 0
  if (process.platform === 'darwin') return new LaunchdManager({ home: homedir(), uid, run: runTool })
  if (process.platform !== 'linux') return undefined
  return new SystemdManager({
    configHome: configHome ?? join(homedir(), '.config'),
    user: String(uid),
    run: runTool,
  })
}
