import { fileURLToPath } from 'node:url'

/** The repository's own folder. */
export const repo = fileURLToPath(new URL('../../../', import.meta.url))
