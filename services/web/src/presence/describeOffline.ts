import { causeWords } from './causeWords'
import type { StatusWord } from './marks'
import type { Sentence } from './Sentence'
import { durationWords } from './timeWords'
import type { WorkerView } from './WorkerView'

type Offline = NonNullable<WorkerView['offline']>
type Process = WorkerView['process']

const LONGEST_MESSAGE = 160

/** Word and sentence for a worker that was online and is not any more. `at` is when that changed, `process` the one that runs now. */
export function describeOffline(
  { reason, evidence, lastHeartbeatAt }: Offline,
  at: number,
  process?: Process,
): { word: StatusWord; sentence: Sentence } {
  switch (reason) {
    case 'shutdown':
      return { word: 'offline', sentence: ['Shut down ', { kind: 'point', at }, ...stopWords(evidence)] }
    case 'crashed':
      return {
        word: 'crashed',
        sentence: [
          `${crashWords(evidence)} `,
          { kind: 'point', at },
          ...messageWords(evidence),
          ...restartWords(evidence, at),
        ],
      }
    case 'stale':
      return { word: 'lost', sentence: ['Not heard from ', { kind: 'since', at: lastHeartbeatAt }] }
    case 'superseded':
      return {
        word: 'replaced',
        sentence: [
          process ? `Replaced by the process on ${process.hostname} (pid ${process.pid})` : 'Replaced',
        ],
      }
    case 'revoked':
      return { word: 'revoked', sentence: ['Revoked ', { kind: 'point', at }] }
    default:
      return reason satisfies never
  }
}

function stopWords({ cause, drainMs }: Offline['evidence']): string[] {
  return [
    ...(cause === undefined ? [] : [` ${causeWords[cause].by}`]),
    ...(drainMs === undefined ? [] : [`, drained in ${durationWords(drainMs)}`]),
  ]
}

function crashWords({ cause, exitCode, signal }: Offline['evidence']): string {
  const why = cause === undefined ? '' : ` ${causeWords[cause].by}`
  if (signal !== undefined) return `Killed (${/^\d+$/.test(signal) ? `signal ${signal}` : signal})${why}`
  return exitCode === undefined ? `Crashed${why}` : `Crashed${why} (exit code ${exitCode})`
}

function restartWords({ restartInMs }: Offline['evidence'], at: number): Sentence {
  return restartInMs === undefined ? [] : [{ kind: 'restart', at: at + restartInMs }]
}

/** The first line of what the crash said: a stack trace is not for the page. */
function messageWords({ message }: Offline['evidence']): string[] {
  const line = message?.split('\n', 1)[0]?.trim() ?? ''
  if (line === '') return []
  return [`: ${line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line}`]
}
