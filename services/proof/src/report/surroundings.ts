import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { arch, cpus, release, totalmem, type } from 'node:os'

const GIB = 1_024 ** 3

/** In what it was measured. */
export interface Surroundings {
  /** Of the end, UTC, `2026-11-26`. */
  date: string
  cores: number
  cpu: string
  memoryGiB: number
  system: string
  versions: Record<'node' | 'opencode' | 'convex' | 'convex-test' | '@convex-dev/presence', string>
}

export function readSurroundings(): Surroundings {
  const all = cpus()
  return {
    date: new Date().toISOString().slice(0, 10),
    cores: all.length,
    cpu: all[0]?.model.trim() ?? 'unknown',
    memoryGiB: Math.round(totalmem() / GIB),
    system: `${distribution() ?? type()} (${type()} ${release()}, ${arch()})`,
    versions: {
      node: process.versions.node,
      opencode: versionOf(
        'opencode-ai',
        createRequire(import.meta.url).resolve('@rollcall/worker/supervisor'),
      ),
      convex: versionOf('convex'),
      'convex-test': versionOf('convex-test'),
      '@convex-dev/presence': versionOf('@convex-dev/presence'),
    },
  }
}

function distribution(): string | undefined {
  try {
    return /^PRETTY_NAME="(.*)"$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]
  } catch {
    // Not a Linux, or one that does not tell.
    return undefined
  }
}

/** Of the package as `from` would load it. */
function versionOf(name: string, from: string = import.meta.filename): string {
  return (createRequire(from)(`${name}/package.json`) as { version: string }).version
}
