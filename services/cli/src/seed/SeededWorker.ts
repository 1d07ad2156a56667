import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { api } from '@rollcall/backend/api'
import { parseWorkerToken, SECOND, type StopCause } from '@rollcall/backend/contract'
import type { Id } from '@rollcall/backend/dataModel'
import type { FunctionArgs } from 'convex/server'
import { RefusalError } from '../errors'
import { hashOf, randomSecret } from '../local/secret'
import type { Following } from './Following'
import type { PublicCalls } from '../backend/PublicCalls'
import { Run, type Command } from './Run'

/** How a worker's process describes itself. */
export type Described = Pick<
  FunctionArgs<typeof api.workers.register>,
  'hostname' | 'pid' | 'directory' | 'versions'
>

/** Milliseconds. */
export interface Habits {
  /** From one piece of an answer to the next. */
  paceMs: number
  /** How long it drains when a person tells it to stop or to restart, and how long until it is up again. */
  drainMs: number
  downMs: number
}

interface Place {
  calls: PublicCalls
  following: Following
  /** Nothing is begun any more once it is aborted. */
  stop: AbortSignal
}

/** What a drain may take beyond what it does take. */
const SPARE_MS = 10 * SECOND

/**
 * A worker without a process of its own, and its supervisor: registers, beats, answers and obeys by the very calls of a real one,
 * with a token of its own, one run after another. Throws as `PublicCalls`.
 */
export class SeededWorker {
  readonly id: Id<'workers'>
  private readonly secret: string
  private current: Run | undefined
  private obeying: Promise<void> | undefined

  constructor(
    private readonly place: Place,
    token: string,
    private readonly described: Described,
    private readonly habits: Habits,
  ) {
    const parsed = parseWorkerToken(token)
    if (parsed === undefined) throw new Error('this is no worker token')
    this.id = parsed.workerId as Id<'workers'>
    this.secret = parsed.secret
  }

  /** The run that has not ended; undefined while there is none. */
  get run(): Run | undefined {
    return this.current?.hasEnded === false ? this.current : undefined
  }

  /** Opens a run, which is starting until it is ready. */
  async register(): Promise<Run> {
    const { calls, following } = this.place
    const { id: workerId, secret, described, habits } = this
    const witnessKey = randomSecret()
    const registered = await calls.mutation(api.workers.register, {
      ...{ ...described, workerId, secret, key: randomUUID(), witnessKeyHash: hashOf(witnessKey) },
    })
    if (registered.kind === 'refused') throw new RefusalError(registered.message, registered.code)
    const { epoch, heartbeatIntervalMs } = registered
    const run = new Run({
      ...{ calls, following, credentials: { workerId, secret, epoch }, witnessKey, heartbeatIntervalMs },
      ...{ paceMs: habits.paceMs, onCommand: (command) => this.hear(command) },
    })
    this.current = run
    return run
  }

  /** The run, ready; opened if there is none. */
  async up(): Promise<Run> {
    const run = this.run ?? (await this.register())
    if (!run.isReady) await run.ready()
    return run
  }

  /** Takes its leave if it is up, lost or not. Answers whether it is known to be gone. Never rejects. */
  async leave(cause: StopCause): Promise<boolean> {
    await this.obeying
    const { run } = this
    if (run === undefined) return true
    const begun = performance.now()
    try {
      await run.desk.close()
      const evidence = { cause, drainMs: Math.round(performance.now() - begun) }
      await run.goOffline({ reason: 'shutdown', evidence })
      return true
    } catch (error: unknown) {
      run.end()
      // Refused: it is gone already, by its owner's will or another's.
      return error instanceof RefusalError
    }
  }

  private hear(command: Command): void {
    this.obeying ??= this.obey(command)
      .catch(() => undefined)
      .finally(() => (this.obeying = undefined))
  }

  private async obey({ kind, when }: Command): Promise<void> {
    const { run } = this
    if (run === undefined || run.isDraining) return
    const { drainMs, downMs } = this.habits
    const cause = kind === 'stop' ? 'stop-requested' : 'restart-requested'
    while (when === 'idle' && run.desk.isBusy) await this.pause(SECOND)
    await run.beginDraining(cause, drainMs + SPARE_MS)
    await this.pause(drainMs)
    await run.goOffline({ reason: 'shutdown', evidence: { cause, drainMs } })
    if (kind === 'stop') return
    await this.pause(downMs)
    await this.up()
  }

  private pause(ms: number): Promise<void> {
    return delay(ms, undefined, { signal: this.place.stop })
  }
}
