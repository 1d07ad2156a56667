/**
 * `GET /metrics` for Prometheus, at the deployment's site address (`/http/metrics` on the embedded backend). Owns nothing: the
 * numbers are kept by `model/metricsTally`.
 */
import { v } from 'convex/values'
import { internal } from './_generated/api'
import { httpAction, internalQuery } from './_generated/server'
import { metricsToken } from './model/environment'
import { metricFamilies } from './model/metricsFamilies'
import { readCounts } from './model/metricsTally'
import { METRICS_CONTENT_TYPE, metricsText } from './model/metricsText'
import { readSweepState } from './model/sweepSchedule'
import { sameDigest, sha256 } from './model/tokens'

const NOT_SET_UP =
  'Metrics are off. Set METRICS_TOKEN among the variables of this deployment: npx convex env set METRICS_TOKEN "$(openssl rand -hex 32)"\n'

/**
 * For whoever has the token in `METRICS_TOKEN`, as `Authorization: Bearer …`. Answers 503 while there is none, 401 for another one.
 * Reads at most eighteen documents.
 */
export const scrape = httpAction(async (ctx, request) => {
  const token = metricsToken()
  if (token === undefined) return new Response(NOT_SET_UP, { status: 503 })
  if (!(await isBearer(request, token))) {
    const headers = { 'WWW-Authenticate': 'Bearer' }
    return new Response('The bearer token is missing or wrong.\n', { status: 401, headers })
  }
  const { counts, sweeps } = await ctx.runQuery(internal.metrics.read, {})
  // Here and not in the query, whose answer may be an earlier one.
  const text = metricsText(metricFamilies(counts, sweeps, Date.now()))
  return new Response(text, { headers: { 'Content-Type': METRICS_CONTENT_TYPE } })
})

async function isBearer(request: Request, token: string): Promise<boolean> {
  const [, given] = /^bearer +(\S+)$/i.exec(request.headers.get('Authorization') ?? '') ?? []
  return given !== undefined && sameDigest(await sha256(given), await sha256(token))
}

/** The database half of `scrape`. Times in ms since 1970. */
export const read = internalQuery({
  args: {},
  returns: v.object({
    counts: v.record(v.string(), v.number()),
    sweeps: v.union(
      v.object({
        lastRunAt: v.number(),
        nextRunAt: v.union(v.number(), v.null()),
        idleRuns: v.optional(v.number()),
      }),
      v.null(),
    ),
  }),
  handler: async (ctx) => {
    const counts = await readCounts(ctx)
    const state = await readSweepState(ctx)
    if (state === null) return { counts, sweeps: null }
    const { lastRunAt, nextRunAt, idleRuns } = state
    return { counts, sweeps: { lastRunAt, nextRunAt, ...(idleRuns !== undefined && { idleRuns }) } }
  },
})
