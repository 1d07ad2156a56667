import type { JSONValue, ValidatorJSON } from 'convex/values'
import type { Context } from 'node:vm'
import { EmbeddedBackendError } from '../../errors'
import type { IndexDefinition } from '../store/Table'
import type { IndexDefinitions } from '../store/Store'
import type { AuthProvider, FunctionSpec, FunctionType } from '../types'
import { holdsFunctions, type FunctionBundle } from './bundleFunctions'

/** A function as `convex/server`'s builders make it, seen from outside its realm. */
export interface RegisteredFunction {
  isQuery?: true
  isMutation?: true
  isAction?: true
  isHttp?: true
  isPublic?: true
  invokeQuery(args: string): Promise<string>
  invokeMutation(args: string): Promise<string>
  invokeAction(requestId: string, args: string): Promise<string>
  invokeHttpAction(request: Request): Promise<Response>
  exportArgs?(): string
  exportReturns?(): string
}

export interface LoadedFunction {
  path: string
  type: FunctionType
  isPublic: boolean
  args: ValidatorJSON
  returns: ValidatorJSON | null
  registered: RegisteredFunction
}

export interface CronDefinition {
  name: string
  args: JSONValue[]
  schedule: CronSchedule
}

export type CronSchedule =
  | { type: 'cron'; cron: string }
  | { type: 'interval'; seconds?: number; minutes?: number; hours?: number }
  | { type: 'hourly'; minuteUTC?: number }
  | { type: 'daily'; hourUTC: number; minuteUTC?: number }
  | { type: 'weekly'; dayOfWeek: string; hourUTC: number; minuteUTC?: number }
  | { type: 'monthly'; day: number; hourUTC: number; minuteUTC?: number }

interface TableSchema {
  tableName: string
  indexes: { indexDescriptor: string; fields: string[] }[]
  searchIndexes: unknown[]
  vectorIndexes: unknown[]
  documentType: ValidatorJSON
}

interface Router {
  lookup(path: string, method: string): readonly [RegisteredFunction, string, string] | null
}

/** Every module of a bundle, evaluated in one realm. */
export class LoadedFunctions {
  readonly functions = new Map<string, LoadedFunction>()
  /** Table → validator of its documents without system fields; without tables that are not validated. */
  readonly documentTypes = new Map<string, ValidatorJSON>()
  readonly indexes: IndexDefinitions
  readonly schemaTables: string[]
  readonly crons: ReadonlyMap<string, CronDefinition>
  readonly authProviders: AuthProvider[]
  private readonly router: Router | null

  /** Throws FUNCTIONS_BROKEN naming the module that cannot be evaluated. */
  constructor(bundle: FunctionBundle, realm: Context) {
    const modules = evaluate(bundle, realm)
    for (const [module, exports] of modules) {
      if (holdsFunctions(module)) this.register(module, exports)
    }
    const schema = modules.get('schema')?.default as { export(): string } | undefined
    const { tables, schemaValidation } = schema
      ? (JSON.parse(schema.export()) as { tables: TableSchema[]; schemaValidation: boolean })
      : { tables: [], schemaValidation: false }
    const indexes = new Map<string, readonly IndexDefinition[]>()
    for (const table of tables) {
      indexes.set(
        table.tableName,
        table.indexes.map(({ indexDescriptor, fields }) => ({ name: indexDescriptor, fields })),
      )
      if (schemaValidation) this.documentTypes.set(table.tableName, table.documentType)
    }
    this.indexes = indexes
    this.schemaTables = tables.map(({ tableName }) => tableName)
    const crons = modules.get('crons')?.default as { export(): string } | undefined
    this.crons = new Map(
      crons ? Object.entries(JSON.parse(crons.export()) as Record<string, CronDefinition>) : [],
    )
    this.router = (modules.get('http')?.default as Router | undefined) ?? null
    const auth = modules.get('auth.config')?.default as { providers?: AuthProvider[] } | undefined
    this.authProviders = JSON.parse(JSON.stringify(auth?.providers ?? [])) as AuthProvider[]
  }

  find(path: string): LoadedFunction | undefined {
    return this.functions.get(normalisePath(path))
  }

  /** The HTTP action that `http.ts` routes a request to. */
  route(path: string, method: string): { handler: RegisteredFunction; route: string } | null {
    const found = this.router?.lookup(path, method)
    return found ? { handler: found[0], route: `${found[1]} ${found[2]}` } : null
  }

  specs(): FunctionSpec[] {
    return [...this.functions.values()].map(({ path, type, isPublic, args, returns }) => ({
      identifier: path.replace(':', '.js:'),
      functionType: SPEC_TYPE[type],
      visibility: { kind: isPublic ? 'public' : 'internal' },
      args: args,
      returns: returns ?? { type: 'any' },
    }))
  }

  private register(module: string, exports: Record<string, unknown>): void {
    for (const [name, exported] of Object.entries(exports)) {
      if (typeof exported !== 'function') continue
      const registered = exported as unknown as RegisteredFunction
      const type = typeOf(registered)
      if (type === null) continue
      const path = `${module}:${name}`
      this.functions.set(path, {
        ...{ path, type, registered, isPublic: registered.isPublic === true || type === 'httpAction' },
        args: parseValidator(registered.exportArgs?.()) ?? { type: 'any' },
        returns: parseValidator(registered.exportReturns?.()),
      })
    }
  }
}

/** `folder/module:function` from what callers write: `folder/module.js:function`, `module` alone, `api.folder.module.function`. */
export function normalisePath(path: string): string {
  const dotted = /^(?:api|internal)\.(.+)\.([^.:]+)$/.exec(path)
  if (dotted?.[1] !== undefined && dotted[2] !== undefined)
    return `${dotted[1].replaceAll('.', '/')}:${dotted[2]}`
  const [module = '', name = 'default'] = path.split(':')
  return `${module.replace(/\.[jt]sx?$/, '')}:${name}`
}

const SPEC_TYPE = {
  query: 'Query',
  mutation: 'Mutation',
  action: 'Action',
  httpAction: 'HttpAction',
} as const

export function specType(type: FunctionType): FunctionSpec['functionType'] {
  return SPEC_TYPE[type]
}

function evaluate({ script, modules }: FunctionBundle, realm: Context): Map<string, Record<string, unknown>> {
  const loaders = script.runInContext(realm) as Record<string, () => Record<string, unknown>>
  const evaluated = new Map<string, Record<string, unknown>>()
  for (const module of modules) {
    try {
      evaluated.set(module, loaders[module]?.() ?? {})
    } catch (cause) {
      const reason = (cause as { message?: unknown } | null)?.message ?? cause
      const message = `${module}: ${String(reason)}`.replaceAll(/\s*\n\s*/g, ' ')
      throw new EmbeddedBackendError('FUNCTIONS_BROKEN', message, { cause })
    }
  }
  return evaluated
}

function typeOf(registered: RegisteredFunction): FunctionType | null {
  if (registered.isQuery) return 'query'
  if (registered.isMutation) return 'mutation'
  if (registered.isAction) return 'action'
  return registered.isHttp ? 'httpAction' : null
}

function parseValidator(json: string | undefined): ValidatorJSON | null {
  return json === undefined ? null : (JSON.parse(json) as ValidatorJSON | null)
}
