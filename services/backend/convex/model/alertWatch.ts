/**
 * When the fleet is judged. Owns: `alertWatch`. Numbers get worse by transitions only: each asks for a judgement a moment later, one
 * for many of them; while an alert is open there is one a minute, to see it end. A fleet in which nothing happens is not judged.
 */
import { alerting } from '../../contract/alerts'
import { MINUTE } from '../../contract/time'
import { internal } from '../_generated/api'
import type { Doc } from '../_generated/dataModel'
import type { MutationCtx } from '../_generated/server'
import { lastCrashes } from './alertEvidence'
import { judge, type Evidence, type Figures, type Judged } from './alertJudgement'
import { raise, refresh, resolve } from './alerts'
import { readCounts } from './metricsTally'
import { phases, type Series } from './metricsSeries'
import { readSettings } from './settings'

type Watch = Doc<'alertWatch'>
type Sample = Watch['samples'][number]

/** Samples are so far apart: an hour is judged to that exactness. */
const SAMPLE_MS = 5 * MINUTE

/** A judgement that is so much overdue will not come. */
const OVERDUE_MS = MINUTE

/** Has the fleet judged soon. Does nothing if that is so already. */
export async function askForJudgement(ctx: MutationCtx): Promise<void> {
  const watch = await ctx.db.query('alertWatch').first()
  const soon = Date.now() + alerting.delayMs
  const isAsked = watch?.nextAt != null && watch.nextAt <= soon && watch.nextAt > soon - OVERDUE_MS
  if (isAsked) return
  if (watch) await ctx.db.patch('alertWatch', watch._id, { nextAt: soon })
  else await ctx.db.insert('alertWatch', { nextAt: soon, samples: [] })
  await ctx.scheduler.runAt(soon, internal.alerts.judgeFleet, { dueAt: soon })
}

/**
 * The judgement that was due at `dueAt` (ms since 1970): raises, keeps up to date and ends the alerts about the fleet. Does nothing
 * if another one took its place. Reads what `/metrics` reads, the settings, and up to two rows for each rule.
 */
export async function judgeFleet(ctx: MutationCtx, dueAt: number): Promise<void> {
  const watch = await ctx.db.query('alertWatch').first()
  if (watch?.nextAt !== dueAt) return
  const now = Date.now()
  const counts = await readCounts(ctx)
  const sample = sampleOf(counts, now)
  let isOpen = false
  for (const judged of judge(figuresOf(counts, sample, watch), await readSettings(ctx))) {
    if (await follow(ctx, judged)) isOpen = true
  }
  const nextAt = isOpen ? now + alerting.everyMs : null
  await ctx.db.patch('alertWatch', watch._id, { nextAt, samples: withSample(watch.samples, sample) })
  if (nextAt !== null) await ctx.scheduler.runAt(nextAt, internal.alerts.judgeFleet, { dueAt: nextAt })
}

/** Answers whether there is an open alert then. */
async function follow(ctx: MutationCtx, { level, evidence }: Judged): Promise<boolean> {
  if (level === 'good') {
    await resolve(ctx, evidence.rule)
    return false
  }
  const seen: Evidence =
    evidence.rule === 'crashes' ? { ...evidence, recent: await lastCrashes(ctx) } : evidence
  if (level === 'between') return await refresh(ctx, seen)
  await raise(ctx, seen)
  return true
}

function sampleOf(counts: Partial<Record<Series, number>>, at: number): Sample {
  const count = (series: Series) => counts[series] ?? 0
  return {
    at,
    crashed: count('transitions.offline.crashed'),
    stale: count('transitions.offline.stale'),
    graceful: count('transitions.offline.shutdown'),
    hung: count('ends.hung'),
    unfinished: count('ends.draining'),
  }
}

function figuresOf(counts: Partial<Record<Series, number>>, sample: Sample, { samples }: Watch): Figures {
  const hourAgo = samples.findLast(({ at }) => at <= sample.at - alerting.windowMs) ?? samples[0] ?? sample
  const since = (name: keyof Sample) => sample[name] - hourAgo[name]
  const now = (series: Series) => counts[series] ?? 0
  return {
    crashed: since('crashed'),
    stale: since('stale'),
    graceful: since('graceful'),
    hung: since('hung'),
    unfinished: since('unfinished'),
    lostNow: now('workers.offline.crashed') + now('workers.offline.stale'),
    onlineNow: phases.reduce((sum, phase) => sum + now(`workers.online.${phase}`), 0),
  }
}

/** With the new one: in place of the last, if that is too near to the one before it; without those that no hour begins at any more. */
function withSample(samples: Sample[], sample: Sample): Sample[] {
  const [last, before] = [samples.at(-1), samples.at(-2)]
  const isNear = last && before && last.at - before.at < SAMPLE_MS
  const kept = [...(isNear ? samples.slice(0, -1) : samples), sample]
  const first = kept.findLastIndex(({ at }) => at <= sample.at - alerting.windowMs)
  return kept.slice(Math.max(0, first))
}
