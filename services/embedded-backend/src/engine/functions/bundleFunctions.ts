import { build, type BuildFailure } from 'esbuild'
import { readdir, readFile, stat } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { Script } from 'node:vm'
import { EmbeddedBackendError } from '../../errors'

export interface FunctionBundle {
  /** Evaluates to an object of module path (`folder/module`, `schema`, `auth.config`) → function that evaluates the module. */
  script: Script
  modules: string[]
  /** The folders of the modules and of what they import, packages apart. Absolute. */
  folders: string[]
  /** From the script to its sources, whose paths count from the functions folder; null unless it was asked for. */
  sourceMap: string | null
}

/** What the script is called in stacks. */
export const SCRIPT = 'convex-functions.js'

const MODULE_FILE = /^[^.#][^. ]*\.(ts|tsx|mts|js|jsx|mjs)$/
const WITHOUT_FUNCTIONS = ['schema', 'auth.config']

/**
 * Bundles a functions folder into one script, as the official CLI picks its files: every module but `_generated`, dotfiles and
 * names with a second dot (tests, `.d.ts`). Throws FUNCTIONS_FOLDER_MISSING or FUNCTIONS_BROKEN.
 */
export async function bundleFunctions(
  functionsDir: string,
  { withSourceMap = false }: { withSourceMap?: boolean } = {},
): Promise<FunctionBundle> {
  const files = await listModules(functionsDir)
  const entries = files.map(
    ({ file, module }) => `${JSON.stringify(module)}: () => require(${JSON.stringify(file)})`,
  )
  try {
    const result = await build({
      stdin: {
        contents: `module.exports = {${entries.join(',\n')}}`,
        resolveDir: resolve(functionsDir),
        loader: 'js',
      },
      absWorkingDir: resolve(functionsDir),
      outfile: SCRIPT,
      bundle: true,
      write: false,
      metafile: true,
      sourcemap: withSourceMap ? 'external' : false,
      sourcesContent: false,
      format: 'cjs',
      platform: 'browser',
      target: 'es2023',
      conditions: ['convex', 'module'],
      jsx: 'automatic',
      logLevel: 'silent',
      define: { 'process.env.NODE_ENV': '"production"' },
    })
    const textOf = (name: string) => result.outputFiles.find(({ path }) => path.endsWith(name))?.text
    // The lines of the bundle keep their numbers.
    const script = new Script(
      `(() => { const module = { exports: {} };\n${textOf('.js') ?? ''}\nreturn module.exports })()`,
      { filename: SCRIPT, lineOffset: -1 },
    )
    return {
      script,
      modules: files.map(({ module }) => module),
      folders: foldersOf(functionsDir, Object.keys(result.metafile.inputs)),
      sourceMap: textOf('.map') ?? null,
    }
  } catch (cause) {
    throw new EmbeddedBackendError('FUNCTIONS_BROKEN', describe(functionsDir, cause), { cause })
  }
}

function foldersOf(functionsDir: string, inputs: readonly string[]): string[] {
  const own = inputs.filter((input) => !input.includes('node_modules/') && !input.startsWith('<'))
  return [...new Set(own.map((input) => dirname(resolve(functionsDir, input))))]
}

/** Whether a module's exports are functions for callers, not configuration. */
export function holdsFunctions(module: string): boolean {
  return !WITHOUT_FUNCTIONS.includes(module)
}

async function listModules(functionsDir: string): Promise<{ file: string; module: string }[]> {
  const folder = await stat(functionsDir).catch(() => null)
  if (!folder?.isDirectory()) {
    throw new EmbeddedBackendError(
      'FUNCTIONS_FOLDER_MISSING',
      `There is no functions folder at ${functionsDir}; it must hold schema.ts and the function modules`,
    )
  }
  const entries = await readdir(functionsDir, { withFileTypes: true, recursive: true })
  const modules: { file: string; module: string }[] = []
  for (const entry of entries) {
    const file = relative(functionsDir, join(entry.parentPath, entry.name)).split(sep).join('/')
    const wanted = MODULE_FILE.test(entry.name) || /^auth\.config\.(ts|js)$/.test(file)
    if (!entry.isFile() || !wanted || file.startsWith('_generated/') || file.includes('node_modules/'))
      continue
    const source = await readFile(join(functionsDir, file), 'utf8')
    if (/^\s*(['"])use node\1/.test(source)) {
      throw new EmbeddedBackendError(
        'FUNCTIONS_BROKEN',
        `${file}: "use node" needs a Convex deployment; the embedded backend only has Convex's default runtime`,
      )
    }
    modules.push({ file: `./${file}`, module: file.replace(/\.[a-z]+$/, '') })
  }
  return modules.sort((a, b) => (a.module < b.module ? -1 : 1))
}

function describe(functionsDir: string, cause: unknown): string {
  const error = (cause as Partial<BuildFailure>).errors?.[0]
  if (!error) return `The functions in ${functionsDir} cannot be loaded: ${oneLine(String(cause))}`
  const place = error.location
    ? `${error.location.file}:${error.location.line}:${error.location.column}: `
    : ''
  return oneLine(`${place}${error.text}`)
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ')
}
