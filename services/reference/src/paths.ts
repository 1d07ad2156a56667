import { fileURLToPath } from 'node:url'

/** The repository's own folder. */
export const repo = fileURLToPath(new URL('../../../', import.meta.url))

/** Where every code is explained that people and programs are answered with. */
export const TROUBLESHOOTING = 'docs/troubleshooting.md'
