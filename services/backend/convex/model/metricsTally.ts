/**
 * What happens to the fleet, in numbers. Owns: `metricShards`. A transaction collects what it changes and writes it once, into the
 * shard of its worker: neighbours seldom meet in one document, and a scrape reads a handful, whatever the fleet.
 */
import type { Doc, Id } from '../_generated/dataModel'
import type { MutationCtx, QueryCtx } from '../_generated/server'
import { detectionBounds, standingOf, type Series } from './metricsSeries'
import { detectionMs, type End } from './uptime'

/** Workers are spread over so many documents; a scrape reads all of them. */
export const SHARDS = 16

/** The sweep's own shard: it must not lose a race against the workers that it judges. */
const SWEEP_SHARD = SHARDS

type Worker = Pick<Doc<'workers'>, 'approval' | 'status' | 'phase' | 'offline' | 'isUnstable'>
type Message = Pick<Doc<'messages'>, 'status'>
type Session = Pick<Doc<'sessions'>, 'status'>

/** Must be written in the transaction that it was made in, after all that it counts. */
export class Tally {
  readonly #changes = new Map<Series, number>()

  /** Whether a worker went offline in what is counted. */
  get hasEnd(): boolean {
    return [...this.#changes.keys()].some((series) => series.startsWith('transitions.offline.'))
  }

  add(series: Series, by = 1): this {
    this.#changes.set(series, (this.#changes.get(series) ?? 0) + by)
    return this
  }

  /** A worker's status, phase or approval changed; `before` is null for a new one. */
  worker(before: Worker | null, after: Worker): this {
    const [from, to] = [standingOf(before), standingOf(after)]
    if (from) this.add(`workers.${from}`, -1)
    if (to) this.add(`workers.${to}`)
    const isUnstable = (worker: Worker | null) =>
      Number(standingOf(worker) !== undefined && worker?.isUnstable === true)
    return this.add('unstable', isUnstable(after) - isUnstable(before))
  }

  /** A worker came online; `before` is what it was. */
  cameOnline(before: Worker, after: Worker, kind: 'online' | 'recovered'): this {
    return this.worker(before, after).add(`transitions.${kind}`)
  }

  /** A worker went offline; `before` is what it was. */
  wentOffline(before: Worker, after: Worker, end: End): this {
    const { reason } = end
    this.worker(before, after).add(`transitions.offline.${reason}`)
    if (after.offline?.evidence.cause === 'hung') this.add('ends.hung')
    else if (reason === 'crashed' && before.phase === 'draining') this.add('ends.draining')
    const ms = detectionMs(end)
    if (ms === undefined || (reason !== 'crashed' && reason !== 'stale')) return this
    const bound = detectionBounds.find((seconds) => ms <= seconds * 1_000)
    return this.add(`detected.${reason}.${bound ?? 'beyond'}`).add(`detected.${reason}.ms`, ms)
  }

  /** A chat is there, changed its status, or (`after` is null) is deleted. */
  session(before: Session | null, after: Session | null): this {
    const isActive = (session: Session | null) => Number(session?.status === 'active')
    return this.add('sessions.active', isActive(after) - isActive(before))
  }

  /** An answer is queued, changed its status, or (`after` is null) is deleted. */
  answer(before: Message | null, after: Message | null): this {
    const isQueued = (message: Message | null) => Number(message?.status === 'queued')
    this.add('answers.queued', isQueued(after) - isQueued(before))
    const outcome = after?.status
    if (outcome === 'completed' || outcome === 'failed' || outcome === 'interrupted') {
      this.add(`answers.${outcome}`)
    }
    return this
  }

  /** Writes at most one document: of the worker's shard, or of the sweep's. Reads and writes nothing if nothing changed. */
  async write(ctx: MutationCtx, whose: Id<'workers'> | 'sweep'): Promise<void> {
    const changes = [...this.#changes].filter(([, by]) => by !== 0)
    this.#changes.clear()
    if (changes.length === 0) return
    const shard = whose === 'sweep' ? SWEEP_SHARD : shardOf(whose)
    const known = await ctx.db
      .query('metricShards')
      .withIndex('by_shard', (q) => q.eq('shard', shard))
      .unique()
    const counts = { ...known?.counts }
    for (const [series, by] of changes) counts[series] = (counts[series] ?? 0) + by
    if (known) await ctx.db.patch('metricShards', known._id, { counts })
    else await ctx.db.insert('metricShards', { shard, counts })
  }
}

/** The sums over all shards. */
export async function readCounts(ctx: QueryCtx): Promise<Partial<Record<Series, number>>> {
  const sums: Record<string, number> = {}
  for (const { counts } of await ctx.db.query('metricShards').take(SHARDS + 1)) {
    for (const [series, count] of Object.entries(counts)) sums[series] = (sums[series] ?? 0) + count
  }
  return sums
}

/** Spreads ids evenly (FNV-1a). */
function shardOf(workerId: Id<'workers'>): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < workerId.length; i++) hash = Math.imul(hash ^ workerId.charCodeAt(i), 0x01000193)
  return (hash >>> 16) % SHARDS
}
