import { SECOND } from '@rollcall/backend/contract'
import { describeOffline } from './describeOffline'
import { marks, type Mark } from './marks'
import type { Sentence } from './Sentence'
import { durationWords } from './timeWords'
import type { WorkerEvent } from './WorkerView'

const noticers: Record<WorkerEvent['noticedBy'], string> = {
  worker: 'told by the worker itself',
  supervisor: 'seen by its supervisor',
  sweep: 'noticed by the sweep',
  backend: 'decided by the backend',
}

export interface EventDescription extends Mark {
  title: Sentence
  /** What is known about it: who noticed, how soon it was told, exit code, signal. */
  evidence: string[]
}

/** One line of a worker's timeline. */
export function describeEvent({ what, at, noticedBy, epoch }: WorkerEvent): EventDescription {
  const run = `run ${epoch}`
  const noticed = noticers[noticedBy]
  switch (what.kind) {
    case 'online':
      return { ...marks.ready, title: ['Came online ', { kind: 'point', at }], evidence: [run, noticed] }
    case 'recovered':
      return {
        ...marks.ready,
        title: ['Heard again ', { kind: 'point', at }],
        evidence: [run, noticed, `silent for ${durationWords(what.gapMs)}`],
      }
    case 'offline': {
      // What was to come then has come, or not, in the events after it.
      const { restartInMs: _, ...known } = what.evidence
      const { word, sentence } = describeOffline({ ...what, evidence: known }, at)
      const { exitCode, signal, cause, noticedAfterMs } = what.evidence
      return {
        ...marks[word],
        title: sentence,
        evidence: [
          run,
          noticed,
          ...(noticedAfterMs === undefined ? [] : [`reported ${delayWords(noticedAfterMs)} after it ended`]),
          ...(exitCode === undefined ? [] : [`exit code ${exitCode}`]),
          ...(signal === undefined ? [] : [`signal ${signal}`]),
          ...(cause === undefined ? [] : [`cause ${cause}`]),
          ...(what.lastHeartbeatAt === 0
            ? []
            : [`last heartbeat ${durationWords(at - what.lastHeartbeatAt)} before`]),
        ],
      }
    }
    default:
      return what satisfies never
  }
}

/** Below a second in ms, for there the difference counts; at least 1 ms. */
function delayWords(ms: number): string {
  return ms < SECOND ? `${Math.max(1, Math.floor(ms))} ms` : durationWords(ms)
}
