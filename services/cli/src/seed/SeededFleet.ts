import { setTimeout as delay } from 'node:timers/promises'
import { SECOND, type ErrorCode, type StopCause } from '@rollcall/backend/contract'
import type { Id } from '@rollcall/backend/dataModel'
import { RefusalError } from '../errors'
import { conversations, type Conversation } from './conversations'
import { Following } from './Following'
import { ask, endLike, habitsOf, lives, type Stage } from './lives'
import type { Owner } from '../local/Owner'
import type { PlannedMachine, PlannedWorker } from './planFleet'
import { PublicCalls } from '../backend/PublicCalls'
import { SeededWorker } from './SeededWorker'
import type { SeedRecord } from './SeedRecord'
import { sideBySide } from './sideBySide'

interface Made {
  machines: number
  workers: number
}

export interface Goodbye {
  /** Workers that are known to be gone, and those of which nobody knows: the backend did not answer. */
  gone: number
  unknown: number
}

/** Workers that are made, or say goodbye, at a time. */
const AT_ONCE = 8
const GOODBYE_MS = 15 * SECOND
/** After a call that failed. */
const RETRY_MS = 5 * SECOND

/** Refused for good: its owner has revoked or removed the worker. */
const forGood: readonly (ErrorCode | undefined)[] = [
  'WORKER_REVOKED',
  'WORKER_UNKNOWN',
  'NOT_FOUND',
  'TOKEN_EXPIRED',
]

/** The fleet as it lives in this process. Must be closed, also when `make` has failed. */
export class SeededFleet {
  private readonly workers: SeededWorker[] = []
  private readonly living: Promise<void>[] = []
  private readonly calls: PublicCalls
  private readonly following: Following
  private chats = 0

  constructor(
    private readonly options: { url: string; owner: Owner; record: SeedRecord; stop: AbortSignal },
  ) {
    this.calls = new PublicCalls(options.url)
    this.following = new Following(options.url)
  }

  /** Resolves when each worker is as its role says. Rejects with the reason of `stop`, and as `PublicCalls`. */
  async make(plan: readonly PlannedMachine[], onProgress: (made: Made) => void): Promise<void> {
    const { owner, record, stop } = this.options
    const made = { machines: 0, workers: 0 }
    for (const machine of plan) {
      stop.throwIfAborted()
      const machineId = await owner.createMachine(machine.name)
      record.add(machineId)
      made.machines += 1
      await sideBySide(AT_ONCE, machine.workers, async (planned) => {
        stop.throwIfAborted()
        await this.bringUp(machineId, planned)
        made.workers += 1
        onProgress(made)
      })
    }
  }

  /** Everybody takes their leave. To be called when `stop` is aborted, or nothing is begun any more. Never rejects. */
  async close(cause: StopCause): Promise<Goodbye> {
    const goodbye = { gone: 0, unknown: 0 }
    const leaving = (async () => {
      await Promise.all(this.living)
      await sideBySide(AT_ONCE, this.workers, async (worker) => {
        if (await worker.leave(cause)) goodbye.gone += 1
      })
    })()
    const tooLong = new AbortController()
    await Promise.race([
      leaving,
      delay(GOODBYE_MS, undefined, { signal: tooLong.signal }).catch(() => undefined),
    ])
    tooLong.abort()
    await this.following.close()
    goodbye.unknown = this.workers.length - goodbye.gone
    return goodbye
  }

  private async bringUp(machineId: Id<'machines'>, planned: PlannedWorker): Promise<void> {
    const { owner, stop } = this.options
    const { name, role, described, past, hasChatted } = planned
    const { workerId, token } = await owner.createWorker(machineId, name)
    if (role !== 'waiting') await owner.approve(workerId)
    const place = { calls: this.calls, following: this.following, stop }
    const worker = new SeededWorker(place, token, described, habitsOf(role))
    this.workers.push(worker)
    for (const end of past) {
      stop.throwIfAborted()
      await endLike(end, await worker.up())
    }
    const pause = (ms: number) => delay(ms, undefined, { signal: stop })
    const stage: Stage = { worker, owner, stop, pause, nextConversation: () => this.nextConversation() }
    await lives[role].arrive(stage)
    if (hasChatted) await ask(stage)
    this.living.push(live(stage, role))
  }

  /** Each in turn, over all workers. */
  private nextConversation(): Conversation {
    const next = conversations[this.chats++ % conversations.length]
    if (next === undefined) throw new Error('there are no conversations')
    return next
  }
}

/** From where it has arrived until the fleet is told to stop, or its owner wants it no more. Never rejects. */
async function live(stage: Stage, role: PlannedWorker['role']): Promise<void> {
  const { arrive, goOn } = lives[role]
  while (goOn && !stage.stop.aborted) {
    try {
      await goOn(stage)
      await arrive(stage)
    } catch (error: unknown) {
      if (error instanceof RefusalError && forGood.includes(error.code)) return
      await stage.pause(RETRY_MS).catch(() => undefined)
    }
  }
}
