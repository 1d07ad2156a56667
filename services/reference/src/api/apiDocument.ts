import { join } from 'node:path'
import { paginationOptsValidator } from 'convex/server'
import ts from 'typescript'
import { docstringOf } from '../sources/docstring'
import type { Source } from '../sources/readSources'
import { readEndpoints } from './readEndpoints'
import { loadModules, readFunctions } from './readFunctions'
import { Shapes } from './Shapes'
import { writeApi } from './writeApi'

const FUNCTIONS = 'services/backend/convex'
const BUILDERS = `${FUNCTIONS}/functions.ts`

/** What a router of Convex has of the HTTP actions. */
interface Router {
  getRoutes(): [path: string, method: string, handler: unknown][]
}

/** docs/api.md. */
export async function apiDocument(root: string, sources: readonly Source[]): Promise<string> {
  const modules = await loadModules(join(root, FUNCTIONS))
  const model = await loadModules(join(root, FUNCTIONS, 'model'))
  const own = sources.filter(({ path }) => new RegExp(`^${FUNCTIONS}/\\w+\\.ts$`).test(path))
  const functions = readFunctions(modules, own)
  const builders = docstringsOf(sources, BUILDERS)
  const isUsed = (builder: string) =>
    functions.some((module) => module.functions.some((one) => one.builder === builder))
  const router = modules.get('http')?.['default'] as Router
  const below = (folder: string) => readEndpoints(sources.filter(({ path }) => path.startsWith(folder)))
  return writeApi({
    builders: new Map([...builders].filter(([name]) => isUsed(name))),
    modules: functions,
    shapes: new Shapes([...model.values(), { paginationOptions: paginationOptsValidator }]),
    httpActions: router.getRoutes().map(([path, method, handler]) => {
      return { method, path, doc: docstringOfValue(handler, modules, own) }
    }),
    programs: [
      {
        title: 'The embedded backend',
        doc: docstringsOf(sources, 'services/embedded-backend/src/protocol/BackendServer.ts').get(
          'BackendServer',
        ),
        endpoints: below('services/embedded-backend/src/'),
      },
      { title: 'A worker and its supervisor', endpoints: below('services/worker/src/') },
    ],
  })
}

/** What the declarations at the top of a file say of themselves, by their names. Throws if there is no such file. */
function docstringsOf(sources: readonly Source[], wanted: string): Map<string, string> {
  const source = sources.find(({ path }) => path === wanted)
  if (!source) throw new Error(`there is no ${wanted}`)
  return new Map(
    source.file.statements.flatMap((statement) => {
      const doc = docstringOf(statement)
      return doc === undefined ? [] : namesOf(statement).map((name) => [name, doc] as const)
    }),
  )
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.map(({ name }) => name.getText())
  }
  return ts.isClassDeclaration(statement) && statement.name ? [statement.name.text] : []
}

/** What is said where a value is exported. */
function docstringOfValue(
  value: unknown,
  modules: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
  sources: readonly Source[],
): string | undefined {
  for (const [module, exported] of modules) {
    const [name] = Object.entries(exported).find(([, one]) => one === value) ?? []
    if (name !== undefined) return docstringsOf(sources, `${FUNCTIONS}/${module}.ts`).get(name)
  }
  return undefined
}
