import { fileURLToPath } from 'node:url'

/** The files of the page at `/_inspect`. As far from here as from the bundled program, `dist/main.js`, which reads the same ones. */
export const inspectFolder = fileURLToPath(new URL('../src/inspect/page', import.meta.url))
