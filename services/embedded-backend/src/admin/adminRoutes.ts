import * as z from 'zod'
import type { Engine } from '../engine/types'
import { HttpRefusal } from '../errors'
import type { ApiRoute, FunctionApi } from '../protocol/http/FunctionApi'
import { readJson } from '../protocol/http/readJson'
import { onlyForAdmin } from './onlyForAdmin'

/** How long `convex logs` is kept waiting for something new. */
const LOG_POLL_MS = 20_000
/** "I have seen that there was nothing": `convex logs` takes its first answer for history, so that must come at once. */
const NOTHING_YET = -1

const environmentBody = z.object({
  changes: z.array(
    z.object({
      name: z
        .string()
        .regex(/^[A-Za-z][A-Za-z0-9_]{0,39}$/, 'letters, digits and _, at most 40, a letter first'),
      value: z.string().max(8192).nullable(),
    }),
  ),
})

/** Refused: what `convex dev` asks first, and what it and `convex deploy` push with. Without an answer they try again and again. */
const refusePush: ApiRoute = () => {
  const message = 'The embedded backend loads its functions folder itself; nothing can be pushed to it.'
  return Promise.reject(new HttpRefusal(400, 'PushNotSupported', message))
}

/** Refused: `convex export`, and `convex run --inline-query`. Without an answer they try again and again, too. */
const refuseUnserved: ApiRoute = ({ url = '' }) => {
  const message = `The embedded backend does not serve ${url.split('?', 1)[0] ?? ''}: use \`convex data\` or \`convex run\` with a function.`
  return Promise.reject(new HttpRefusal(400, 'NotServed', message))
}

/** What the official CLI asks besides running functions. Each of them is for the admin only. */
export function adminRoutes(engine: Engine, api: FunctionApi): Record<string, ApiRoute> {
  return onlyForAdmin(api, {
    /** Whether the key is the admin's. */
    'GET /api/check_admin_key': () => Promise.resolve({ success: true }),
    /** Whether the key is the admin's. */
    'POST /api/check_admin_key': () => Promise.resolve({ success: true }),
    'GET /api/v1/get_canonical_urls': refusePush,
    'POST /api/get_config_hashes': refusePush,
    'POST /api/deploy2/start_push': refusePush,
    'POST /api/export/request/zip': refuseUnserved,
    'POST /api/run_test_function': refuseUnserved,
    /** Sets environment variables of the functions, and removes those whose value is null. */
    'POST /api/update_environment_variables': async (request) => {
      const { changes } = await readJson(request, environmentBody)
      await engine.environment.update(changes)
      return null
    },
    /** Log lines after `cursor`; waits up to 20 s for the first of them. */
    'GET /api/stream_function_logs': async (request) => {
      const { searchParams } = new URL(request.url ?? '/', 'http://localhost')
      const cursor = Number(searchParams.get('cursor') ?? 0)
      if (!Number.isFinite(cursor)) throw new HttpRefusal(400, 'BadCursor', 'The cursor is not a number.')
      const timeoutMs = cursor === 0 ? 0 : LOG_POLL_MS
      const { entries, newCursor } = await engine.logsAfter(Math.max(cursor, 0), timeoutMs)
      return { entries, newCursor: newCursor === 0 ? NOTHING_YET : newCursor }
    },
  })
}
