import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import { guardProgram } from '../../paths'
import type { GuardMessage, GuardOrder } from './guard.js'
import { endMarked } from './markedProcesses'
import { MarkedUsage } from './MarkedUsage'
import type { ProcessEnd, ProcessUsage } from './types'

/** What became of opencode before it was listening. */
export type StartResult =
  | { kind: 'listening'; url: string }
  | { kind: 'unspawnable'; code: string }
  | { kind: 'ended'; end: ProcessEnd }

/** Held back from a stop's deadline for killing what the guard did not end. */
const killReserveMs = 500

/**
 * opencode under its guard, as two processes and one life:
 *
 *   running ──stop()──▶ stopping ──guard gone──▶ gone
 *      └───opencode or guard ended by itself──────┘
 */
export class GuardedProcess {
  /** Settles once: opencode listens, or never will. */
  readonly started: Promise<StartResult>
  /** Resolves when opencode or its guard ended; what they started may still run. Never rejects. */
  readonly dead: Promise<ProcessEnd>
  /** Resolves when opencode, its guard and everything with the marker is gone, whoever wanted it. Never rejects. */
  readonly gone: Promise<ProcessEnd>
  /** The last line that opencode printed. */
  lastLine: string | undefined

  private readonly guard: ChildProcessByStdio<Writable, Readable, Readable>
  private readonly marker: string
  private readonly usage: MarkedUsage
  private readonly logger: Logger
  private end: ProcessEnd | undefined
  private stopping: Promise<void> | undefined

  constructor(order: GuardOrder, logger: Logger) {
    this.marker = order.marker
    this.usage = new MarkedUsage(order.marker)
    this.logger = logger
    // Nothing of our own environment: above all not a marker, and no NODE_OPTIONS.
    this.guard = spawn(process.execPath, [guardProgram], {
      cwd: '/',
      env: {},
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    // A guard that is gone already shows in its exit; a broken lifeline says nothing more.
    this.guard.stdin.on('error', (error) => logger.debug({ err: error }, 'The guard does not read'))
    this.guard.stdin.write(`${JSON.stringify(order)}\n`)
    createInterface({ input: this.guard.stderr }).on('line', (line) => logger.warn({ line }, 'Guard'))

    const guardExit = new Promise<ProcessEnd>((resolve) => {
      this.guard.once('error', () => resolve({ exitCode: null, signal: null }))
      this.guard.once('close', (exitCode, signal) => resolve({ exitCode, signal }))
    })
    let die: (end: ProcessEnd) => void = () => undefined
    this.dead = new Promise((resolve) => {
      die = resolve
    })
    this.started = new Promise((resolve) => {
      createInterface({ input: this.guard.stdout }).on('line', (line) => {
        this.hear(JSON.parse(line) as GuardMessage, resolve)
        if (this.end) die(this.end)
      })
      void guardExit.then((exit) => resolve({ kind: 'ended', end: this.end ?? exit }))
    })
    void guardExit.then((exit) => die(this.end ?? exit))
    this.gone = guardExit.then(async (exit) => {
      // A guard that was killed could not clean up.
      await this.endLeftovers(0)
      return this.end ?? exit
    })
  }

  /** The guard's pid, for logs. */
  get pid(): number | undefined {
    return this.guard.pid
  }

  /** What opencode and everything it started use, the guard not counted; undefined where the platform does not tell. */
  processes(): ProcessUsage | undefined {
    return this.usage.read()
  }

  /** Ends everything within `deadlineMs`, in the gentlest way the time allows. Idempotent; never rejects. */
  stop(deadlineMs: number): Promise<void> {
    return (this.stopping ??= this.runStop(deadlineMs))
  }

  get isStopping(): boolean {
    return this.stopping !== undefined
  }

  private async runStop(deadlineMs: number): Promise<void> {
    this.guard.stdin.end()
    const timeUp = new AbortController()
    const inTime = await Promise.race([
      this.gone.then(() => true),
      wait(Math.max(0, deadlineMs - killReserveMs), false, { signal: timeUp.signal, ref: true }),
    ])
    timeUp.abort()
    if (inTime) return
    this.logger.warn({ deadlineMs }, 'opencode did not stop in time, killing it')
    this.guard.kill('SIGKILL')
    await this.endLeftovers(0)
  }

  private async endLeftovers(graceMs: number): Promise<void> {
    const { ended, left } = await endMarked((marker) => marker === this.marker, {
      graceMs,
      killMs: killReserveMs,
    })
    if (ended > 0) this.logger.warn({ ended, left }, 'Killed what opencode left behind')
  }

  private hear(message: GuardMessage, started: (result: StartResult) => void): void {
    switch (message.type) {
      case 'log':
        if (message.line.trim() !== '') this.lastLine = message.line.trim()
        this.logger.debug({ stream: message.stream, line: message.line }, 'opencode')
        break
      case 'listening':
        started({ kind: 'listening', url: message.url })
        break
      case 'unspawnable':
        started({ kind: 'unspawnable', code: message.code })
        break
      case 'ended':
        this.end = { exitCode: message.exitCode, signal: message.signal }
        // Its last words may still be in the pipe: `started` is settled when the guard has ended too.
        break
      case 'swept':
        if (message.ended > 0) this.logger.info({ ended: message.ended, left: message.left }, 'Guard swept')
        break
      default:
        message satisfies never
    }
  }
}
