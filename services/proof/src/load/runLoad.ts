import { seededFunctions } from '@rollcall/backend/seededFunctions'
import { rm } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { ProvedBackend } from '../ProvedBackend'
import { Heartbeats } from './Heartbeats'
import { measureDisk, type DiskTimes } from './measureDisk'
import { PageProcess } from './PageProcess'
import { signUp } from './Pages'
import { ownersFor, seedFleet } from './seedFleet'

const WATCH_MS = 1_000
const LOOK_MS = 20
const MIB = 1_024 ** 2

export interface LoadOptions {
  workers: number
  pages: number
  /** How long the fleet beats. */
  seconds: number
  intervalMs: number
  say: (progress: string) => void
}

/** Times in milliseconds. */
export interface LoadResult {
  workers: number
  pages: number
  seconds: number
  beatsPerSecond: number
  beats: number
  failures: number
  p50Ms: number
  p99Ms: number
  longestMs: number
  /** While the pages are opened; everything else is of the time after it. */
  longestAtFirstMs: number
  /** Transitions to offline: every one is false, since everybody beats. */
  falseOffline: number
  /** The most that a sweep was overdue when it was looked at, once a second. */
  sweepOverdueMs: number
  sweeps: number
  /** Largest resident memory of the backend; undefined where there is no `/proc`. */
  residentMiB: number | undefined
  /** What the pages were told again while nothing but heartbeats came: more than none is waste. */
  updatesOfPages: number
  /** After it, and without it. */
  disk: DiskTimes
}

/** A durable backend with a fleet that beats and pages that follow it. Leaves nothing behind. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const functions = await seededFunctions()
  try {
    const backend = await ProvedBackend.start(functions)
    try {
      return await loadOn(backend, options)
    } finally {
      await backend.stop()
    }
  } finally {
    await rm(functions, { recursive: true })
  }
}

async function loadOn(backend: ProvedBackend, options: LoadOptions): Promise<LoadResult> {
  const { workers, pages, seconds, intervalMs, say } = options
  const staleThresholdMs = 3 * intervalMs
  await backend.call('settings:update', {
    ...{ heartbeatIntervalMs: intervalMs, staleThresholdMs, isSignUpOpen: true },
  })
  const owners = Array.from({ length: ownersFor(workers) }, (_, index) => `owner-${index}@example.com`)
  const tokens: string[] = []
  for (const email of owners) tokens.push(await signUp(backend.url, email))
  const fleet = await seedFleet(backend, owners, workers, (done) =>
    say(`${done} of ${workers} workers are made`),
  )
  const beats = new Heartbeats(backend.url, fleet, intervalMs)
  beats.start()
  const open = await PageProcess.open(backend.url, pages, tokens)
  const longestAtFirstMs = beats.latencies.max / 1e6
  // What was held up by that is not counted.
  while (beats.areBehind) await wait(LOOK_MS)
  beats.latencies.reset()
  const before = beats.sent
  const seen = await watch(backend, open, { seconds, say, beats })
  const sent = beats.sent - before
  await beats.stop()
  await open.close()
  say('the disk alone')
  const disk = await measureDisk(backend.dataDir)
  const { latencies, failures } = beats
  const percentile = (share: number) => latencies.percentile(share) / 1e6
  return {
    ...{ workers, pages, seconds, beats: sent, failures },
    beatsPerSecond: sent / seconds,
    ...{ p50Ms: percentile(50), p99Ms: percentile(99), longestMs: latencies.max / 1e6 },
    longestAtFirstMs,
    ...seen,
    disk,
  }
}

type Seen = Pick<LoadResult, 'falseOffline' | 'sweepOverdueMs' | 'sweeps' | 'residentMiB' | 'updatesOfPages'>

/** Looks once a second. */
async function watch(
  backend: ProvedBackend,
  pages: PageProcess,
  { seconds, say, beats }: { seconds: number; say: (progress: string) => void; beats: Heartbeats },
): Promise<Seen> {
  const seen: Seen = {
    falseOffline: 0,
    sweepOverdueMs: 0,
    sweeps: 0,
    residentMiB: undefined,
    updatesOfPages: 0,
  }
  const settled = await pages.updates()
  for (let second = 1; second <= seconds; second += 1) {
    await wait(WATCH_MS)
    const metrics = sumsOf(await backend.metrics())
    seen.sweepOverdueMs = Math.max(seen.sweepOverdueMs, 1_000 * metrics('rollcall_sweep_overdue_seconds'))
    seen.sweeps = metrics('rollcall_sweeps_total')
    seen.falseOffline = metrics('rollcall_transitions_total', 'offline')
    const resident = await backend.residentBytes()
    if (resident !== undefined) seen.residentMiB = Math.max(seen.residentMiB ?? 0, resident / MIB)
    const p99 = (beats.latencies.percentile(99) / 1e6).toFixed(1)
    say(`${second} of ${seconds} s, ${beats.sent} beats, p99 ${p99} ms`)
  }
  seen.updatesOfPages = (await pages.updates()) - settled
  return seen
}

/** The sum of a family's samples; with `kind` only of those that have it as a label. */
function sumsOf(text: string): (name: string, kind?: string) => number {
  const samples = [...text.matchAll(/^([a-z_]+)(?:\{(.*)\})? (\S+)$/gm)]
  return (wanted, kind) =>
    samples
      .filter(
        ([, name, labels]) => name === wanted && (kind === undefined || labels?.includes(`kind="${kind}"`)),
      )
      .reduce((sum, [, , , value]) => sum + Number(value), 0)
}
