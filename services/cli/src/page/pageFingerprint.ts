import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Where a build notes what it was built from, inside its own folder. */
const NOTE = 'built-from.txt'

/** One digest of the content of all files below `sources` (files or folders; missing ones count as empty). */
export function fingerprint(root: string, sources: readonly string[]): string {
  const hash = createHash('sha256')
  for (const file of sources.flatMap(filesBelow).sort()) {
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex')
}

/** Whether `folder` holds a finished build of sources with this fingerprint. */
export function isBuiltFrom(folder: string, digest: string): boolean {
  const note = join(folder, NOTE)
  return existsSync(join(folder, 'index.html')) && existsSync(note) && readFileSync(note, 'utf8') === digest
}

export function noteOf(folder: string): string {
  return join(folder, NOTE)
}

function filesBelow(path: string): string[] {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) return []
  if (!stats.isDirectory()) return [path]
  return readdirSync(path)
    .filter((name) => name !== 'node_modules')
    .flatMap((name) => filesBelow(join(path, name)))
}
