import { causeWords } from './causeWords'
import { describeOffline } from './describeOffline'
import { marks, type Mark, type StatusWord } from './marks'
import type { Sentence } from './Sentence'
import type { WorkerView } from './WorkerView'

/** How a worker is shown: shape, word and colour always together, and a sentence that says since when and why. */
export interface Presence extends Mark {
  word: StatusWord
  sentence: Sentence
}

export function describeWorker(worker: WorkerView): Presence {
  const described = describe(worker)
  return { ...described, ...marks[described.word] }
}

type Described = Pick<Presence, 'word' | 'sentence'>

function describe(worker: WorkerView): Described {
  const { approval, process, offline, statusChangedAt } = worker
  if (approval === 'revoked')
    return { word: 'revoked', sentence: ['Revoked; its token is worth nothing now'] }
  if (approval === 'pending') {
    const sentence = process
      ? `Wants to join from ${process.hostname} (pid ${process.pid})`
      : 'Not started yet; start it with its token'
    return { word: 'waiting', sentence: [sentence] }
  }
  if (worker.status === 'online') return describeOnline(worker)
  if (offline) return describeOffline(offline, statusChangedAt, process)
  return {
    word: 'offline',
    sentence: [process ? 'Approved; comes online within a heartbeat' : 'Never started'],
  }
}

/** One that fails again and again is so whatever it does now, unless that is more serious. */
function describeOnline(worker: WorkerView): Described {
  const described = describePhase(worker)
  const { unstable } = worker
  const isSerious = described.word === 'hung' || described.word === 'draining'
  if (unstable === undefined || isSerious) return described
  const now: Sentence = described.word === 'busy' ? [`; working in ${chats(worker.runningPrompts)}`] : []
  return { word: 'unstable', sentence: [...failureSentence(unstable), ...now] }
}

function failureSentence({ failures, lastAt }: NonNullable<WorkerView['unstable']>): Sentence {
  return [`Failed ${failures} times in an hour, the last time `, { kind: 'point', at: lastAt }]
}

function describePhase(worker: WorkerView): Described {
  const phase = worker.phase ?? 'starting'
  const at = worker.phaseChangedAt ?? worker.statusChangedAt
  switch (phase) {
    case 'starting':
      return { word: 'starting', sentence: ['Starting opencode ', { kind: 'since', at }] }
    case 'ready':
      return { word: 'ready', sentence: ['Ready ', { kind: 'since', at }] }
    case 'busy':
      return { word: 'busy', sentence: [`Working in ${chats(worker.runningPrompts)}`, ...orderWords(worker)] }
    case 'draining':
      return { word: 'draining', sentence: drainingSentence(worker) }
    case 'hung':
      return {
        word: 'hung',
        sentence: ['Not responding for ', { kind: 'elapsed', at }, '; its supervisor is watching'],
      }
    default:
      return phase satisfies never
  }
}

function drainingSentence({ drain, runningPrompts }: WorkerView): Sentence {
  const saved = runningPrompts === 0 ? '' : `, ${chats(runningPrompts)} being saved`
  if (drain === undefined) return [`Shutting down${saved}`]
  return [`Shutting down (${causeWords[drain.cause].name}), `, { kind: 'left', at: drain.deadline }, saved]
}

/** Only what waits has to be said: what is done at once shows as draining in the next moment. */
function orderWords({ command }: WorkerView): string[] {
  if (command?.when !== 'idle') return []
  return [command.kind === 'stop' ? '; stops after that' : '; restarts after that']
}

function chats(count: number): string {
  return count === 1 ? '1 chat' : `${count} chats`
}
