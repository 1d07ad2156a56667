import { basename, extname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { limits } from '@rollcall/backend/contract'
import * as z from 'zod'
import type { HookGroup, ShutdownHook } from '../application/ShutdownHook'
import { toError } from '../errors'
import { settledWithin } from '../settledWithin'

/** A module that takes longer hangs; milliseconds. */
const LOAD_MS = 10_000

/** No drain takes longer. */
const { drainMs: LONGEST_BUDGET_MS } = limits

/** What functions are called that nobody gave a name. */
const NO_NAMES: readonly string[] = ['', 'default', 'run']

export type HooksOutcome =
  /** A group per module, in the order of the paths. */
  | { kind: 'loaded'; hooks: HookGroup[] }
  /** One sentence each. */
  | { kind: 'invalid'; mistakes: string[] }

const wrongExport =
  'has no hook as its default export: give a function, an object with a function `run`, or an array of these'
const wrongBudget = `has a hook whose budgetMs is not a whole number of milliseconds from 1 to ${LONGEST_BUDGET_MS}`

const run = z.custom<ShutdownHook['run']>((value) => typeof value === 'function', wrongExport)

const hook = z.preprocess(
  // A promise would be taken for zod's own.
  (value) => (typeof value === 'function' ? { run: value } : value instanceof Promise ? undefined : value),
  z.strictObject(
    {
      run,
      name: z.string('has a hook whose name is not a string').optional(),
      budgetMs: z.int(wrongBudget).min(1, wrongBudget).max(LONGEST_BUDGET_MS, wrongBudget).optional(),
    },
    {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? `has a hook with the unknown property ${issue.keys.join(', ')}: there are run, name and budgetMs`
          : wrongExport,
    },
  ),
)

const defaultExport = z.preprocess(
  (value: unknown): unknown => (Array.isArray(value) ? value : [value]),
  z.array(hook).min(1, wrongExport),
)

/**
 * Loads the hooks of these modules, given by absolute paths. `loadMs`: what each of them may take. Never rejects; a module
 * that ends the process while it is loaded ends it.
 */
export async function loadShutdownHooks(
  paths: readonly string[],
  { loadMs = LOAD_MS } = {},
): Promise<HooksOutcome> {
  const loaded = await Promise.all(paths.map((path) => load(path, loadMs)))
  const mistakes = loaded.flatMap((outcome, index) =>
    typeof outcome === 'string' ? [`SHUTDOWN_HOOKS names ${paths[index] ?? ''}, which ${outcome}.`] : [],
  )
  if (mistakes.length > 0) return { kind: 'invalid', mistakes }
  const distinct = createDistinct()
  const hooks = loaded
    .filter((outcome) => typeof outcome !== 'string')
    .map((group) => group.map((each) => ({ ...each, name: distinct(each.name) })))
  return { kind: 'loaded', hooks }
}

/** The module's hooks, or what is wrong with it. */
async function load(path: string, loadMs: number): Promise<ShutdownHook[] | string> {
  const loading = import(pathToFileURL(path).href) as Promise<{ default?: unknown }>
  if (!(await settledWithin(loading, loadMs))) return `was not loaded within ${loadMs / 1_000} s`
  try {
    const parsed = defaultExport.safeParse((await loading).default)
    if (!parsed.success) return parsed.error.issues[0]?.message ?? wrongExport
    return parsed.data.map(({ run: work, name, budgetMs }) => {
      const own = name ?? (NO_NAMES.includes(work.name) ? '' : work.name)
      return { name: own || basename(path, extname(path)), budgetMs, run: work }
    })
  } catch (thrown: unknown) {
    const { name, message } = toError(thrown)
    const where = name === 'SyntaxError' ? ` (see where with node --check ${path})` : ''
    const said = message.split('\n', 1)[0]?.replace(/\.$/, '') ?? ''
    return `cannot be loaded: ${name}: ${said}${where}`
  }
}

/** Numbers the names that come again: `cleanup`, `cleanup 2`. */
function createDistinct(): (name: string) => string {
  const seen = new Map<string, number>()
  return (name) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name} ${count}`
  }
}
