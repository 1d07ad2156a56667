import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const services = join(import.meta.dirname, '../../..')
const backend = join(services, 'backend')
const worker = join(services, 'worker')

interface Patch {
  /** Below the service. */
  file: string
  from: string
  to: string
}

type Bug = { of: 'backend'; patches: Patch[] } | { of: 'worker'; patches: Patch[] }

/** One wrong line each, of the kind that somebody could write; the oracle has to find every one of them. */
const bugs = {
  /** The sweep comes a quarter of a minute after the deadline. */
  'late-sweep': {
    of: 'backend',
    patches: [
      { file: 'convex/model/sweepSchedule.ts', from: 'const MARGIN_MS = 50', to: 'const MARGIN_MS = 15_000' },
    ],
  },
  /** A process that was superseded is taken for the present one. */
  'missing-fence': {
    of: 'backend',
    patches: [
      {
        file: 'convex/model/access.ts',
        from: '  if (epoch !== worker.epoch) {\n    const',
        to: '  if (epoch > worker.epoch) {\n    const',
      },
    ],
  },
  /** A heartbeat that was still under way when its worker went offline brings it back. */
  'resurrecting-heartbeat': {
    of: 'backend',
    patches: [
      {
        file: 'convex/model/access.ts',
        from: "  if (incarnation.closedAt !== undefined) throw refusal('INCARNATION_CLOSED')\n",
        to: '',
      },
    ],
  },
  /** What a worker was answering when it went offline waits again, and is answered again by the next. */
  'claimed-twice': {
    of: 'backend',
    patches: [
      {
        file: 'convex/model/interruption.ts',
        from: "        status: 'interrupted',\n        cause: 'The worker went offline while it was answering.',\n        finishedAt: Date.now(),\n",
        to: "        status: 'queued',\n",
      },
    ],
  },
  /** The guard ends with its worker, and leaves opencode behind. */
  orphan: {
    of: 'worker',
    patches: [
      {
        file: 'src/infrastructure/opencode/guard.js',
        from: '    isEnding = true\n',
        to: '    isEnding = true\n    process.exit(0)\n',
      },
    ],
  },
} as const satisfies Record<string, Bug>

export type BugName = keyof typeof bugs
export const bugNames = Object.keys(bugs) as BugName[]

/** What a round runs. `workerProgram`: in place of the real one. */
export interface BuggedPrograms {
  functionsDir: string
  workerProgram: string | undefined
  /** Removes the copies. Must be called. */
  remove: () => Promise<void>
}

/** The product, with this bug in a copy of it if one is asked for. Throws where the text to replace is not there exactly once. */
export async function setBug(name: BugName | undefined): Promise<BuggedPrograms> {
  const functionsDir = join(backend, 'convex')
  if (name === undefined) return { functionsDir, workerProgram: undefined, remove: () => Promise.resolve() }
  const bug: Bug = bugs[name]
  // Inside of the service: what is imported there is found from there.
  const folder = join(bug.of === 'backend' ? backend : worker, 'dist', `chaos-${process.pid}`)
  const remove = () => rm(folder, { recursive: true, force: true })
  try {
    if (bug.of === 'backend') {
      for (const part of ['convex', 'contract'])
        await cp(join(backend, part), join(folder, part), { recursive: true })
    } else {
      const opencode = 'src/infrastructure/opencode'
      await mkdir(join(folder, opencode), { recursive: true })
      for (const file of ['dist/index.js', 'package.json']) await cp(join(worker, file), join(folder, file))
      for (const file of ['guard.js', 'markedProcesses.js'])
        await cp(join(worker, opencode, file), join(folder, opencode, file))
    }
    for (const patch of bug.patches) await apply(folder, patch)
  } catch (error: unknown) {
    await remove()
    throw error
  }
  return {
    functionsDir: bug.of === 'backend' ? join(folder, 'convex') : functionsDir,
    workerProgram: bug.of === 'worker' ? join(folder, 'dist/index.js') : undefined,
    remove,
  }
}

async function apply(folder: string, { file, from, to }: Patch): Promise<void> {
  const path = join(folder, file)
  const parts = (await readFile(path, 'utf8')).split(from)
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times: ${from}`)
  await writeFile(path, parts.join(to))
}
