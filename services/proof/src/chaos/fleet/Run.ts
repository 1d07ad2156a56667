import { spawn } from 'node:child_process'
import type { ProcessTruth, RunTruth } from '../oracle/history'
import { roles, type Role } from '../schedule/Schedule'
import { childrenOf, commandOf, identify, isAlive, type ProcessIdentity } from './processes'
import type { LogRing } from './LogRing'

export type WatchedProcess = ProcessTruth &
  ProcessIdentity & {
    /** Of a guard: the worker that it works for. */
    owner?: WatchedProcess
  }

export interface RunOptions {
  /** Node and what it is given to run the supervisor. */
  command: readonly string[]
  env: Record<string, string>
  log: LogRing
}

/** The worker says so by itself, not because it was asked to: it could not start opencode. */
const OWN_REASONS = ['opencode-failed', 'startup-failed']
/** How much earlier than its line is read such a stop may have begun. Milliseconds. */
const LATE_LINE_MS = 1_500

const guardCommand = /\bguard\.js$/

/**
 * One start of a token: a launcher, and below it supervisor, worker, guard and opencode, away from our own group. Knows of each of them
 * when it was born and when it was seen dead.
 */
export class Run implements RunTruth {
  readonly startedAt = performance.now()
  readonly workers: WatchedProcess[] = []
  readonly guards: WatchedProcess[] = []
  readonly opencodes: WatchedProcess[] = []
  launcher?: WatchedProcess
  supervisor?: WatchedProcess
  askedAt?: number
  /** Set when nothing that could start a worker, and no worker, is left. */
  overAt: number | undefined

  constructor({ command, env, log }: RunOptions) {
    // A shell that calls itself pnpm and runs a script: what `pnpm start` is to the supervisor (`infrastructure/launchers.ts`).
    const child = spawn('/bin/sh', ['-c', '"$@"; exit $?', 'sh', ...command], {
      argv0: 'pnpm',
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env,
    })
    child.on('error', () => {})
    for (const stream of [child.stdout, child.stderr]) log.take(stream, (line) => this.hear(line))
    const identity = child.pid === undefined ? undefined : identify(child.pid)
    if (identity) this.launcher = watched(identity, 'launcher')
  }

  /** The group that a terminal would signal. */
  get group(): number | undefined {
    return this.launcher && -this.launcher.pid
  }

  /** The living process in this role, the latest one. */
  member(role: Role): WatchedProcess | undefined {
    this.look()
    return this.of(role).findLast(({ deadAt }) => deadAt === undefined)
  }

  get all(): WatchedProcess[] {
    return roles.flatMap((role) => this.of(role))
  }

  /** Looks who lives and who is new. To be called several times a second. */
  look(): void {
    const now = performance.now()
    for (const each of this.all) {
      if (each.deadAt !== undefined) continue
      if (isAlive(each)) each.aliveAt = now
      else each.deadAt = now
    }
    this.discover()
    const isRunning = [this.launcher, this.supervisor, ...this.workers].some(
      (each) => each && each.deadAt === undefined,
    )
    if (!isRunning) this.overAt ??= now
  }

  /** From now on it may end at any time. */
  ask(): void {
    this.askedAt ??= performance.now()
  }

  private of(role: Role): WatchedProcess[] {
    switch (role) {
      case 'launcher':
        return this.launcher ? [this.launcher] : []
      case 'supervisor':
        return this.supervisor ? [this.supervisor] : []
      case 'worker':
        return this.workers
      case 'guard':
        return this.guards
      case 'opencode':
        return this.opencodes
      default:
        return role satisfies never
    }
  }

  private discover(): void {
    if (living(this.launcher) && !this.supervisor) {
      const [supervisor] = newAmong(childrenOf(this.launcher.pid), [])
      if (supervisor) this.supervisor = watched(supervisor, 'supervisor')
    }
    if (living(this.supervisor)) {
      for (const worker of newAmong(childrenOf(this.supervisor.pid), this.workers))
        this.workers.push(watched(worker, 'worker'))
    }
    for (const worker of this.workers.filter(living)) {
      const guards = childrenOf(worker.pid).filter((pid) => guardCommand.test(commandOf(pid)))
      for (const guard of newAmong(guards, this.guards))
        this.guards.push({ ...watched(guard, 'guard'), owner: worker })
    }
    for (const guard of this.guards.filter(living)) {
      for (const opencode of newAmong(childrenOf(guard.pid), this.opencodes))
        this.opencodes.push(watched(opencode, 'opencode'))
    }
  }

  private hear(text: string): void {
    const line = parse(text)
    if (line?.['name'] !== 'worker') return
    // One that was born and orphaned between two looks.
    const identity = identify(Number(line['pid']))
    if (identity && newAmong([identity.pid], this.workers).length > 0)
      this.workers.push(watched(identity, 'worker'))
    const isOwn = line['event'] === 'shutdown.started' && OWN_REASONS.includes(String(line['cause']))
    const worker = this.workers.findLast(({ pid }) => pid === Number(line['pid']))
    if (isOwn && worker) worker.askedAt ??= performance.now() - LATE_LINE_MS
  }
}

function watched(identity: ProcessIdentity, role: Role): WatchedProcess {
  const now = performance.now()
  return { ...identity, role, bornAt: now, aliveAt: now, frozen: [] }
}

function living(process: WatchedProcess | undefined): process is WatchedProcess {
  return process !== undefined && process.deadAt === undefined
}

function newAmong(pids: readonly number[], known: readonly WatchedProcess[]): ProcessIdentity[] {
  return pids.flatMap((pid) => {
    const identity = identify(pid)
    const isKnown = known.some((each) => each.pid === pid && each.startTime === identity?.startTime)
    return identity === undefined || isKnown ? [] : [identity]
  })
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const line: unknown = JSON.parse(text)
    return typeof line === 'object' && line !== null ? (line as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
