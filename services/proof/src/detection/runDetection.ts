import type { Progress } from '../report/Progress'
import { deaths, silences, type SilenceName } from './deaths'
import type { Detection } from './Detection'
import { measureDeaths, SIDE_BY_SIDE } from './measureDeaths'
import { Silences } from './measureSilences'
import { Stage, type Subject } from './Stage'

/** Silent at once: each is a supervisor, a worker and an opencode, with their memory. */
const SILENT_AT_MOST = 20

export interface DetectionOptions {
  /** Of each way to die. */
  runs: number
  /** Which; undefined: all. */
  names?: readonly string[] | undefined
  progress: Progress
}

/** Measures from death to page, in real processes, on one durable backend. Leaves nothing behind. */
export async function runDetection({ runs, names, progress }: DetectionOptions): Promise<Detection[]> {
  const isWanted = (name: string) => names?.includes(name) ?? true
  const quick = deaths.filter(({ name }) => isWanted(name))
  const slow = silences.filter(isWanted)
  const silent = slow.length === 0 ? 0 : Math.min(runs, SILENT_AT_MOST)
  const stage = await Stage.open(Math.max(silent, SIDE_BY_SIDE))
  try {
    const detections = await measureDeaths(stage, quick, { runs, progress })
    if (silent > 0) detections.push(...(await measureSilences(stage, new Set(slow), silent, progress)))
    return detections
  } finally {
    await stage.close()
  }
}

async function measureSilences(
  stage: Stage,
  names: ReadonlySet<SilenceName>,
  count: number,
  progress: Progress,
): Promise<Detection[]> {
  const subjects: Subject[] = []
  try {
    for (const made of stage.workers.slice(0, count)) {
      subjects.push(await stage.start(made))
      progress.say(`${subjects.length} of ${count} workers are up`)
    }
    return await Silences.measure(stage, names, { subjects, progress })
  } finally {
    await Promise.all(subjects.map(({ running }) => running.end()))
  }
}
