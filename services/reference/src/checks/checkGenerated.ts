import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Fault } from './Fault'

/** A document as the code makes it. `path` is from the repository's folder. */
export interface Generated {
  path: string
  text: string
}

/** Documents that are not what the code says. */
export function checkGenerated(root: string, documents: readonly Generated[]): Fault[] {
  return documents
    .filter(({ path, text }) => {
      const file = join(root, path)
      return !existsSync(file) || readFileSync(file, 'utf8') !== text
    })
    .map(({ path }) => ({
      path,
      problem: 'is not what the code says: run `pnpm run docs` and commit the result',
    }))
}
