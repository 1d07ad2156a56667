import { stopSignals, type StopSignal } from './domain/stopRequest'

/** Why a supervisor asks its worker to stop: the signal that it got itself, or what it has noticed. */
export type SupervisorStopCause = StopSignal | 'launcher-gone'

/** What the supervisor tells its worker over the channel between them. */
export type SupervisorMessage =
  | { type: 'stop'; cause: SupervisorStopCause }
  /** To be answered by the worker's event loop, as a sign that it turns. */
  | { type: 'ping' }

/** What a supervisor needs to report on one incarnation, and on no other: never the worker's own secret. */
export interface WitnessedIncarnation {
  backendUrl: string
  workerId: string
  epoch: number
  /** Made for this incarnation; the backend knows its hash. */
  key: string
  /** Milliseconds without a sign of life after which the backend notices by itself. */
  staleThresholdMs: number
}

/** What the worker tells its supervisor. */
export type WorkerMessage =
  /** From now on signals are handled; before, they just end the process. */
  | { type: 'listening' }
  | { type: 'pong' }
  /**
   * It drains, and not because it crashed. With `restart` it is to be started again at once; otherwise never, however it ends.
   * The last word counts.
   */
  | { type: 'stopping'; restart: boolean }
  | ({ type: 'incarnation' } & WitnessedIncarnation)

const causes: readonly unknown[] = [...stopSignals, 'launcher-gone']

function isObject(message: unknown): message is Record<string, unknown> {
  return typeof message === 'object' && message !== null
}

export function parseSupervisorMessage(message: unknown): SupervisorMessage | undefined {
  if (!isObject(message)) return undefined
  const isKnown =
    message['type'] === 'ping' || (message['type'] === 'stop' && causes.includes(message['cause']))
  return isKnown ? (message as unknown as SupervisorMessage) : undefined
}

export function parseWorkerMessage(message: unknown): WorkerMessage | undefined {
  if (!isObject(message)) return undefined
  const { type, restart, backendUrl, workerId, epoch, key, staleThresholdMs } = message
  switch (type) {
    case 'listening':
    case 'pong':
      return { type }
    case 'stopping':
      return typeof restart === 'boolean' ? { type, restart } : undefined
    case 'incarnation': {
      const areStrings = [backendUrl, workerId, key].every((value) => typeof value === 'string')
      const areNumbers = [epoch, staleThresholdMs].every((value) => typeof value === 'number')
      return areStrings && areNumbers ? (message as unknown as WorkerMessage) : undefined
    }
    default:
      return undefined
  }
}
