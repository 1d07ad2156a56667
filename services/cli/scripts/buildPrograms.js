// @ts-check
/**
 * Makes one JavaScript file of each program, `<service>/dist/<entry>.js`, from its TypeScript. A program that runs for days
 * shall not carry a compiler: with one in every process, the processes at rest take half as much memory again, and each
 * start a second of processor time. In plain JavaScript, because it runs before there is anything that could run TypeScript.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'

const services = join(import.meta.dirname, '../..')

/** Entry and output of each program, below `services/`. `import.meta.url` means the same in both. */
const programs = [
  { entry: 'cli/src/index.ts', output: 'cli/dist/index.js' },
  { entry: 'cli/src/devServerProgram.ts', output: 'cli/dist/devServerProgram.js' },
  { entry: 'worker/src/index.ts', output: 'worker/dist/index.js' },
  { entry: 'embedded-backend/src/main.ts', output: 'embedded-backend/dist/main.js' },
  {
    entry: 'embedded-backend/src/program/loopWatchThread.ts',
    output: 'embedded-backend/dist/loopWatchThread.js',
  },
]

/** What brings native code or files of its own is found in `node_modules` when it is needed. */
const external = ['esbuild', 'vite']

/** For what some packages still load by `require`. */
const banner = {
  js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
}

/** Builds all programs; an output that is up to date is left alone. Rejects, with the mistake printed, if one cannot be built. */
export default async function buildPrograms() {
  await Promise.all(programs.map(buildProgram))
}

/**
 * Builds one program, as `buildPrograms` does.
 * @param {{ entry: string, output: string }} program
 */
export async function buildProgram({ entry, output }) {
  const { outputFiles } = await build({
    entryPoints: [join(services, entry)],
    outfile: join(services, output),
    bundle: true,
    write: false,
    // Read only by a process that is started with `--enable-source-maps`.
    sourcemap: 'linked',
    sourcesContent: false,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external,
    banner,
    // Names stay, for whoever reads a stack.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'error',
  })
  for (const { path, text } of outputFiles) writeWhole(path, text)
}

/**
 * Another start may read the file at this moment: it finds the former or the new one, never half of one.
 * @param {string} path
 * @param {string} text
 */
function writeWhole(path, text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return
  mkdirSync(dirname(path), { recursive: true })
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, text)
  renameSync(draft, path)
}

if (process.argv[1] === import.meta.filename) {
  try {
    await buildPrograms()
  } catch (error) {
    // A mistake in the sources is printed already, with its place.
    if (!(error instanceof Error && 'errors' in error)) throw error
    process.exitCode = 1
  }
}
