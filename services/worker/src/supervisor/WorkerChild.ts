import { spawn, type ChildProcess } from 'node:child_process'
import type { Stream } from 'node:stream'
import { exitCodes } from '../domain/exitCodes'
import { PingCounter } from '../domain/PingCounter'
import {
  parseWorkerMessage,
  type SupervisorMessage,
  type SupervisorStopCause,
  type WorkerMessage,
} from '../supervisorMessages'
import type { RunningWorker } from './SupervisorHealth'
import type { SupervisorLogger } from './SupervisorLogger'
import type { SupervisorTimes } from './times'
import { Witness, type WorkerEnd } from './Witness'

type Verdict = Required<Pick<WorkerEnd, 'cause' | 'message'>>

export interface WorkerChildOptions {
  /** What Node is given to run the worker. */
  program: readonly string[]
  /** The worker's whole environment (see `config.ts`). */
  env: NodeJS.ProcessEnv
  /** Streams with a file descriptor that the worker shall hold as long as it lives, from descriptor 4 on. */
  inherit: readonly Stream[]
  times: SupervisorTimes
  /** Called when the worker has opened an incarnation. */
  onRegistered: () => void
  logger: SupervisorLogger
}

/** An end that was ours, after this many milliseconds without an answer. */
function hungFor(ms: number): Verdict {
  return { cause: 'hung', message: `no answer for ${Math.round(ms / 1_000)} s, ended by its supervisor` }
}

/**
 * One process of the worker, in a session of its own: what kills the supervisor's group (a terminal's Ctrl+C, a launcher
 * that ends its scripts with SIGKILL) does not reach it, so that it always gets to drain.
 */
export class WorkerChild {
  /** Never rejects: a process that could not be started has ended with 1. */
  readonly ended: Promise<WorkerEnd>
  readonly #child: ChildProcess
  readonly #pings: PingCounter
  #pinging: NodeJS.Timeout | undefined
  #isListening = false
  #wasAsked = false
  #wantsRestart = false
  #wasHung = false
  /** Why it was ended, if its supervisor did it. */
  #verdict: Verdict | undefined
  #witness: Witness | undefined

  constructor(private readonly options: WorkerChildOptions) {
    const { program, env, inherit, times } = options
    this.#pings = new PingCounter(times.pings)
    this.#child = spawn(process.execPath, [...program], {
      env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', ...inherit],
      detached: true,
    })
    this.#child.on('message', (message) => {
      const told = parseWorkerMessage(message)
      if (told) this.#hear(told)
    })
    this.ended = this.#untilEnd()
  }

  /** Whether it has got as far as to drain on a signal. */
  get isListening(): boolean {
    return this.#isListening
  }

  /** Whether it was asked to stop, or has stopped for a reason that a new process would have as well. */
  get wasAsked(): boolean {
    return this.#wasAsked
  }

  /** Whether it drains, or has drained, in order to be started again. */
  get wantsRestart(): boolean {
    return this.#wantsRestart
  }

  get running(): RunningWorker {
    const { isHung, missed } = this.#pings
    return { pid: this.#child.pid, isHung, missedPings: missed }
  }

  /** Of the incarnation that it opened last. */
  get witness(): Witness | undefined {
    return this.#witness
  }

  ask(cause: SupervisorStopCause): void {
    this.#wasAsked = true
    this.#tell({ type: 'stop', cause })
    // Nothing is registered before it listens, so there is nothing to drain: it may as well die of the signal.
    if (!this.#isListening) this.#child.kill(cause === 'launcher-gone' ? 'SIGTERM' : cause)
  }

  #hear(told: WorkerMessage): void {
    const { times, logger, onRegistered } = this.options
    switch (told.type) {
      case 'listening':
        this.#isListening = true
        this.#pinging = setInterval(() => this.#ping(), times.pingMs)
        break
      case 'pong':
        this.#pings.answered()
        this.#noteHang()
        break
      case 'stopping':
        this.#wantsRestart = told.restart
        this.#wasAsked ||= !told.restart
        break
      case 'incarnation':
        this.#witness = new Witness(told, { times, logger })
        onRegistered()
        break
      default:
        told satisfies never
    }
  }

  #ping(): void {
    this.#pings.ping()
    this.#noteHang()
    const isAwaited = this.#wasAsked || this.#wantsRestart
    // One that hangs cannot drain either: nobody who asked it to has to wait for longer.
    if (this.#pings.isLost || (this.#pings.isHung && isAwaited)) this.#giveUp()
    else this.#tell({ type: 'ping' })
  }

  #giveUp(): void {
    this.#verdict ??= hungFor(this.#pings.missed * this.options.times.pingMs)
    this.#child.kill('SIGKILL')
  }

  #noteHang(): void {
    const { isHung, missed } = this.#pings
    this.#witness?.tellHang(isHung)
    if (isHung === this.#wasHung) return
    this.#wasHung = isHung
    const { logger } = this.options
    if (isHung) logger.warn({ event: 'worker.hung', missed }, 'the worker does not respond')
    else logger.info({ event: 'worker.responds' }, 'the worker responds again')
  }

  /** The channel closes when the worker ends; a message that comes too late for it has nobody to reach. */
  #tell(message: SupervisorMessage): void {
    if (this.#child.connected) this.#child.send(message, () => {})
  }

  #untilEnd(): Promise<WorkerEnd> {
    return new Promise((resolve) => {
      this.#child.once('exit', (exitCode, signal) => {
        clearInterval(this.#pinging)
        resolve({ exitCode, signal, ...this.#verdict })
      })
      this.#child.on('error', ({ message }) => {
        if (this.#child.pid !== undefined) return
        resolve({
          exitCode: exitCodes.failed,
          signal: null,
          message: `the worker could not be started: ${message}`,
        })
      })
    })
  }
}
