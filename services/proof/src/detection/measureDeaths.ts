import type { Progress } from '../report/Progress'
import type { Death } from './deaths'
import type { Detection } from './Detection'
import type { Stage, Subject } from './Stage'

/** Started together, since a start waits more than it works; they die one after another. */
export const SIDE_BY_SIDE = 4

/** How much longer than promised is waited, so that a late one is measured. */
const PATIENCE = 10

/** Kills so many workers in each of the ways; each is alone when it dies, and the next one dies when nothing of it is left. */
export async function measureDeaths(
  stage: Stage,
  deaths: readonly Death[],
  { runs, progress }: { runs: number; progress: Progress },
): Promise<Detection[]> {
  const detections: Detection[] = []
  for (const death of deaths) {
    const { name, what, promisedMs } = death
    const detection: Detection = { name, what, promisedMs, since: 'death', samples: [], faults: [] }
    for (let done = 0; done < runs; done += SIDE_BY_SIDE) {
      const subjects = await startSome(stage, death, Math.min(SIDE_BY_SIDE, runs - done))
      for (const subject of subjects) {
        await measureOne(stage, subject, death, detection)
        progress.say(`${what}: ${detection.samples.length} of ${runs}`)
      }
    }
    progress.measured(detection)
    detections.push(detection)
  }
  return detections
}

async function startSome(stage: Stage, { launch, env }: Death, count: number): Promise<Subject[]> {
  const starts = stage.workers
    .slice(0, count)
    .map((made) => stage.start(made, { launch, ...(env && { env }) }))
  const started = await Promise.allSettled(starts)
  const subjects = started.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []))
  const failed = started.find((start) => start.status === 'rejected')
  if (!failed) return subjects
  await Promise.all(subjects.map(({ running }) => running.end()))
  throw failed.reason
}

/** Adds what it sees to `detection`. */
async function measureOne(
  stage: Stage,
  { made, running }: Subject,
  { kill, promisedMs, reason }: Death,
  detection: Detection,
): Promise<void> {
  const shown = stage.view.until(made.workerId, ({ status }) => status === 'offline', PATIENCE * promisedMs)
  const killedAt = performance.now()
  kill(running)
  try {
    const { at, worker } = await shown
    detection.samples.push(at - killedAt)
    if (worker.offline?.reason !== reason) detection.faults.push(`shown as ${worker.offline?.reason}`)
  } catch (error: unknown) {
    detection.faults.push(`not shown ${String(error)}`)
  }
  const left = await running.end()
  if (left.length > 0) detection.faults.push(`${left.length} processes were left`)
}
