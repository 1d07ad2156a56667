import { jsonToConvex, type JSONValue } from 'convex/values'
import * as z from 'zod'
import { Answer } from '../engine/Answer'
import type { Engine, FunctionCall, Outcome } from '../engine/types'

export interface SystemQueryContext {
  engine: Engine
  cloudUrl: () => string
  siteUrl: () => string
}

const tableDataArgs = z.object({
  table: z.string(),
  order: z.enum(['asc', 'desc']).nullish(),
  paginationOpts: z.object({ cursor: z.string().nullable(), numItems: z.number().positive() }),
})

const nameArgs = z.object({ name: z.string() })

/** The queries that the official CLI expects of every deployment, by canonical path. */
const systemQueries: Record<string, (args: unknown, context: SystemQueryContext) => JSONValue> = {
  '_system/cli/tables:default': (_args, { engine }) => ({
    page: engine.tables().map((name) => ({ name })),
    isDone: true,
    continueCursor: 'end',
  }),
  '_system/cli/tableData:default': (args, { engine }) => {
    const { table, order, paginationOpts } = tableDataArgs.parse(args)
    const { cursor, numItems } = paginationOpts
    const page = engine.readTable(table, { order: order ?? 'desc', cursor, numItems })
    return { page: page.page, isDone: page.isDone, continueCursor: page.continueCursor }
  },
  '_system/cli/modules:apiSpec': (_args, { engine }) => engine.functionSpecs().map((spec) => ({ ...spec })),
  '_system/cli/convexUrl:cloudUrl': (_args, { cloudUrl }) => cloudUrl(),
  '_system/cli/convexUrl:siteUrl': (_args, { siteUrl }) => siteUrl(),
  '_system/cli/queryEnvironmentVariables:default': (_args, { engine }) =>
    engine.environment.list().map(({ name, value }) => ({ name, value })),
  '_system/cli/queryEnvironmentVariables:get': (args, { engine }) => {
    const { name } = nameArgs.parse(args)
    const found = engine.environment.list().find((variable) => variable.name === name)
    return found ? { name: found.name, value: found.value } : null
  },
}

export function isSystemPath(path: string): boolean {
  return path.startsWith('_system/')
}

/** Only for the admin; anything else answers like a function that does not exist. */
export function runSystemQuery(call: FunctionCall, context: SystemQueryContext): Outcome {
  if (call.identity.kind !== 'admin') {
    const errorMessage = 'You do not have permission to perform this operation: it needs the admin key.'
    return { kind: 'error', errorMessage, logLines: [] }
  }
  const path = call.path.includes(':') ? call.path : `${call.path}:default`
  const query = systemQueries[path]
  if (!query) {
    return { kind: 'error', errorMessage: `Could not find function for '${call.path}'`, logLines: [] }
  }
  try {
    return new Answer(JSON.stringify(query(jsonToConvex(call.args), context)), [])
  } catch (error) {
    const errorMessage = error instanceof Error ? error.message : String(error)
    return { kind: 'error', errorMessage, logLines: [] }
  }
}
