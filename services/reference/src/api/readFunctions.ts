import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'
import { docstringOf, moduleDocstring } from '../sources/docstring'
import type { Source } from '../sources/readSources'
import type { ValidatorJSON } from 'convex/values'

/** A function that clients may call. */
export interface PublicFunction {
  name: string
  kind: 'query' | 'mutation' | 'action'
  /** What it is built with, which says who may call it: `userQuery`. */
  builder: string
  doc: string | undefined
  args: ValidatorJSON
  /** Undefined where whatever is returned goes out. */
  returns: ValidatorJSON | undefined
}

export interface FunctionModule {
  name: string
  doc: string | undefined
  functions: PublicFunction[]
}

interface Registered {
  isPublic?: true
  isQuery?: true
  isMutation?: true
  exportArgs?: () => string
  exportReturns?: () => string
}

type Exports = Readonly<Record<string, unknown>>

/** The modules of a folder, by their names: as they are when they are loaded. */
export async function loadModules(folder: string): Promise<Map<string, Exports>> {
  const files = readdirSync(folder).filter((file) => /^\w+\.ts$/.test(file))
  const loaded = files.sort().map(async (file) => {
    const exported = (await import(pathToFileURL(join(folder, file)).href)) as Exports
    return [basename(file, '.ts'), exported] as const
  })
  return new Map(await Promise.all(loaded))
}

/** The public functions of all `modules`; what `sources`, the files of the same modules, say of them. */
export function readFunctions(
  modules: ReadonlyMap<string, Exports>,
  sources: readonly Source[],
): FunctionModule[] {
  return [...modules].flatMap(([name, exported]) => {
    const file = sources.find(({ path }) => basename(path, '.ts') === name)?.file
    if (!file) throw new Error(`there is no source of ${name}`)
    const declared = declarationsOf(file)
    const functions = Object.entries(exported).flatMap(([key, value]) => {
      const registered = value as Registered | undefined
      if (registered?.isPublic !== true || !registered.exportArgs) return []
      return [{ name: key, ...shapeOf(registered), ...saidOf(declared.get(key)) }]
    })
    return functions.length === 0
      ? []
      : [{ name, doc: moduleDocstring(file), functions: inOrder(functions, declared) }]
  })
}

function shapeOf(registered: Registered): Pick<PublicFunction, 'kind' | 'args' | 'returns'> {
  const returns = JSON.parse(registered.exportReturns?.() ?? 'null') as ValidatorJSON | null
  return {
    kind: registered.isQuery ? 'query' : registered.isMutation ? 'mutation' : 'action',
    args: JSON.parse(registered.exportArgs?.() ?? '{}') as ValidatorJSON,
    returns: returns ?? undefined,
  }
}

/** The declarations at the top of a file by the names that they give, several of which may be one's. */
function declarationsOf(file: ts.SourceFile): Map<string, ts.VariableDeclaration> {
  const declarations = file.statements
    .filter(ts.isVariableStatement)
    .flatMap(({ declarationList }) => [...declarationList.declarations])
  return new Map(
    declarations.flatMap((declaration) =>
      ts.isObjectBindingPattern(declaration.name)
        ? declaration.name.elements.map((element) => [element.name.getText(), declaration] as const)
        : [[declaration.name.getText(), declaration] as const],
    ),
  )
}

function saidOf(declaration: ts.VariableDeclaration | undefined): Pick<PublicFunction, 'builder' | 'doc'> {
  const made = declaration?.initializer
  if (!declaration || !made || !ts.isCallExpression(made))
    throw new Error('a public function is made by no builder')
  return { builder: made.expression.getText(), doc: docstringOf(declaration) }
}

/** As in the file. */
function inOrder(functions: PublicFunction[], declared: ReadonlyMap<string, unknown>): PublicFunction[] {
  const names = [...declared.keys()]
  return functions.sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name))
}
