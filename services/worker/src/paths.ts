import { fileURLToPath } from 'node:url'

/** The guard's program, as it stands in the sources: it is plain JavaScript and loads nothing but Node's own modules. */
export const guardProgram = fileURLToPath(new URL('../src/infrastructure/opencode/guard.js', import.meta.url))
