import { readdirSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { openEngine } from '../src/engine/openEngine'

/**
 * Prints how far apart commits are while the log is compacted, and while it is not, in ms, and how much of that this process
 * computed: the rest is waiting for the disk and for other processes.
 * Arguments: documents (default 100000), characters of text in each (default 200), seconds to measure (default 10).
 */
const [documents = 100_000, textChars = 200, seconds = 10] = process.argv.slice(2).map(Number)
const text = 'x'.repeat(textChars)
const PER_MUTATION = 2_000
const WRITERS = 4
/** A compaction begins whenever this much was logged since the last one. */
const COMPACT_AFTER_BYTES = 100_000
/** What was left behind by opening is collected before anything counts. */
const WARM_UP_MS = 3_000
const admin = { kind: 'admin' } as const

const dataDir = await mkdtemp(join(tmpdir(), 'measure-compaction-'))
const openAt = (compactAfterBytes: number) =>
  openEngine(
    {
      functionsDir: new URL('../tests/fixtures/app', import.meta.url).pathname,
      dataDir,
      urls: () => ({ cloudUrl: 'http://127.0.0.1:1', siteUrl: 'http://127.0.0.1:1/http' }),
      logger: pino({ level: 'warn' }),
    },
    { compactAfterBytes },
  )

async function fill(): Promise<void> {
  const engine = await openAt(Number.MAX_SAFE_INTEGER)
  for (let made = 0; made < documents; made += PER_MUTATION) {
    const args = { count: PER_MUTATION, owner: `o${made % 97}`, text }
    await engine.mutation({ path: 'notes:bulk', args, identity: admin })
  }
  await engine.close()
}

interface Gap {
  ms: number
  cpuMs: number
}

/** Commits as fast as it can; answers the gaps between acknowledgements. */
async function gaps(): Promise<{ compacting: Gap[]; quiet: Gap[] }> {
  const engine = await openAt(COMPACT_AFTER_BYTES)
  const found = { compacting: [] as Gap[], quiet: [] as Gap[] }
  const isCompacting = () => readdirSync(dataDir).some((name) => name.endsWith('.unfinished'))
  const from = performance.now() + WARM_UP_MS
  const until = from + seconds * 1_000
  let last = performance.now()
  let cpu = process.cpuUsage()
  let before = false
  await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      while (performance.now() < until) {
        await engine.mutation({
          ...{ path: 'notes:add', args: { owner: 'ann', text }, identity: { kind: 'none' } },
        })
        const now = performance.now()
        const after = isCompacting()
        const { user, system } = process.cpuUsage(cpu)
        if (now > from)
          found[before || after ? 'compacting' : 'quiet'].push({
            ms: now - last,
            cpuMs: (user + system) / 1_000,
          })
        cpu = process.cpuUsage()
        ;[last, before] = [now, after]
      }
    }),
  )
  await engine.close()
  return found
}

function summary(of: Gap[]) {
  const sorted = of.toSorted((a, b) => b.ms - a.ms)
  const longest = sorted.slice(0, 5).map(({ ms, cpuMs }) => `${ms.toFixed(1)} (${cpuMs.toFixed(1)})`)
  return {
    commits: sorted.length,
    'longest (of that computed)': longest,
    p99: sorted[Math.floor(sorted.length / 100)]?.ms.toFixed(1),
  }
}

try {
  await fill()
  const { compacting, quiet } = await gaps()
  const report = { documents, compacting: summary(compacting), quiet: summary(quiet) }
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
} finally {
  await rm(dataDir, { recursive: true, force: true })
}
