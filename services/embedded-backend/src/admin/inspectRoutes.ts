import type { IncomingMessage } from 'node:http'
import type { JSONValue } from 'convex/values'
import * as z from 'zod'
import type { Engine, ScheduledFunction } from '../engine/types'
import { HttpRefusal } from '../errors'
import type { ApiRoute, FunctionApi } from '../protocol/http/FunctionApi'
import type { CallMetrics } from './CallMetrics'
import { onlyForAdmin } from './onlyForAdmin'

/** Of documents, 1 MiB each at most, a page must stay below what a query may read. */
const MAX_DOCUMENTS = 100
const MAX_SCHEDULED = 100
/** Of a scheduled function's arguments, as JSON. */
const MAX_ARGUMENTS = 2_000

const documentsQuery = z.object({
  table: z.string(),
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(MAX_DOCUMENTS).default(25),
})

/** What `/_inspect` shows, and nothing that changes anything. Each of them is for the admin only, and answers no more than a page. */
export function inspectRoutes(
  engine: Engine,
  metrics: CallMetrics,
  api: FunctionApi,
): Record<string, ApiRoute> {
  const { inspection } = engine
  return onlyForAdmin(api, {
    /** The tables, with how many documents are in each. */
    'GET /api/inspect/tables': () => {
      const tables = engine.tables().map((name) => ({ name, documents: inspection.countOf(name) }))
      return Promise.resolve({ tables })
    },
    /** Documents of `table`, the newest first: `limit` (1 to 100, by default 25) of them after `cursor`. */
    'GET /api/inspect/documents': (request) => {
      const { table, cursor, limit } = readQuery(request, documentsQuery)
      if (!engine.tables().includes(table)) {
        throw new HttpRefusal(404, 'NoSuchTable', `There is no table "${table}".`)
      }
      const page = engine.readTable(table, { order: 'desc', cursor: cursor ?? null, numItems: limit })
      return Promise.resolve({ ...page, ...inspection.sizeOf(table) })
    },
    /** The functions, with calls, errors and times of each since the start. */
    'GET /api/inspect/functions': () => {
      const known = engine.functionSpecs().map(({ identifier, functionType, visibility }) => {
        const path = identifier.replace(/\.js:/, ':')
        return { path, type: functionType, visibility: visibility.kind }
      })
      return Promise.resolve({ since: metrics.since, known, called: metrics.all() })
    },
    /** Scheduled functions: those that wait, run or have failed, the latest 100 of each. */
    'GET /api/inspect/scheduled': () => {
      const latest = (state: ScheduledFunction['state']) =>
        inspection
          .scheduled(state, MAX_SCHEDULED)
          .map(({ args, ...row }) => ({ ...row, args: shortened(args) }))
      return Promise.resolve({
        limit: MAX_SCHEDULED,
        pending: latest('pending'),
        inProgress: latest('inProgress'),
        failed: latest('failed'),
      })
    },
    /** The crons, with their last and their next run. */
    'GET /api/inspect/crons': () => Promise.resolve({ since: metrics.since, crons: inspection.cronJobs() }),
  })
}

function readQuery<T>(request: IncomingMessage, schema: z.ZodType<T>): T {
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost')
  const parsed = schema.safeParse(Object.fromEntries(searchParams))
  if (parsed.success) return parsed.data
  const problem = parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`)
  throw new HttpRefusal(400, 'BadQuery', `The address does not fit: ${problem.join('; ')}`)
}

function shortened(args: JSONValue): string {
  const json = JSON.stringify(args)
  return json.length > MAX_ARGUMENTS ? `${json.slice(0, MAX_ARGUMENTS)}…` : json
}
