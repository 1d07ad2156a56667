import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Approval } from '@rollcall/backend/contract'
import type { Logger } from 'pino'
import { backoffMs } from '../domain/backoff'
import type { StopRequest } from '../domain/stopRequest'
import type { BackendGateway } from '../infrastructure/convex/BackendGateway'
import type { Command, Described, Self } from '../infrastructure/convex/backendTypes'
import { toError } from '../errors'
import { describeFailure } from '../infrastructure/convex/reply'
import type { WitnessedIncarnation } from '../supervisorMessages'
import type { Opencode } from '../infrastructure/opencode/types'
import { Heartbeater } from './Heartbeater'
import { Latch } from './Latch'
import { LeaseKeeper } from './LeaseKeeper'
import { registerWorker } from './registerWorker'
import { WakeWatch } from './WakeWatch'

const retries = { firstMs: 250, maxMs: 5_000 }

export type Established =
  | { kind: 'present'; epoch: number; approval: Approval }
  | { kind: 'stop'; request: StopRequest }
  | { kind: 'stopped' }

/** How the process describes itself, without what is made anew for each incarnation. */
export type SelfDescription = Omit<Described, 'key' | 'witnessKeyHash'>

interface Incarnation {
  epoch: number
  heartbeater: Heartbeater
  lease: LeaseKeeper
}

export interface PresenceOptions {
  gateway: BackendGateway
  url: string
  described: SelfDescription
  workerId: string
  /** An incarnation was opened: whoever watches this process can report on it. */
  onRegistered: (incarnation: WitnessedIncarnation) => void
  /** What this incarnation is to do, null for nothing; told again with every word of the backend. */
  onCommand: (command: Command | null) => void
  /** The lease was lost: no new work until `establish` has renewed it. */
  onFenced: () => void
  /** Aborted when the worker is told to stop. */
  signal: AbortSignal
  logger: Logger
}

/** What keeps this process in the backend's roll: its incarnation, its heartbeats, its approval, and that it takes work. */
export class Presence {
  #incarnation: Incarnation | undefined
  #wakeWatch: WakeWatch | undefined
  #self: Self | undefined
  readonly #beats = new Map<string, number>()
  readonly #approved = new Latch<true>()
  /** What was last announced, to be said again when the backend took us for gone meanwhile. */
  #announced: Opencode | undefined

  constructor(private readonly options: PresenceOptions) {}

  /** 0 before the first registration. */
  get epoch(): number {
    return this.#incarnation?.epoch ?? 0
  }

  /** Milliseconds since the last acknowledged beat, or the registration, was sent; undefined before the first. */
  get beatAgeMs(): number | undefined {
    return this.#incarnation?.lease.ageMs
  }

  /** How many beats this process has sent, by what came of them (`HeartbeaterOptions.onOutcome`). */
  get beats(): ReadonlyMap<string, number> {
    return this.#beats
  }

  /** Whether the lease is lost, so that no new work is taken. */
  get isFenced(): boolean {
    return this.#incarnation?.lease.isLost ?? false
  }

  /** The deployment's setting, once known. Milliseconds. */
  get shutdownTimeoutMs(): number | undefined {
    return this.#self?.shutdownTimeoutMs
  }

  /**
   * Makes sure that the backend knows this incarnation. One that is open is kept, and only told by a beat: registering again
   * would push out a process that took over meanwhile. Never rejects.
   */
  async establish(): Promise<Established> {
    const { signal } = this.options
    for (let attempt = 1; this.#incarnation && !signal.aborted; attempt += 1) {
      const beat = await this.#incarnation.heartbeater.beatNow()
      if (beat.kind === 'ok') return this.#present(this.#incarnation.epoch)
      // Every other refusal ends the process, by the gateway's listener.
      if (beat.kind === 'refused' && beat.refusal.code === 'INCARNATION_CLOSED') break
      await wait(backoffMs(attempt, retries), undefined, { signal }).catch(() => undefined)
    }
    return signal.aborted ? { kind: 'stopped' } : await this.#register()
  }

  /** Waits for the owner's approval, or until told to stop. Never rejects. */
  async untilApproved(): Promise<void> {
    const isApproved = await this.#approved.wait(this.options.signal)
    // The beat after the approval is what brings the worker online.
    if (isApproved) await this.#incarnation?.heartbeater.beatNow()
  }

  /** Tells the backend that the worker takes work, as often as it takes. Never rejects. */
  async announceReady(opencode: Opencode): Promise<void> {
    const { gateway, signal, logger } = this.options
    this.#announced = opencode
    for (let attempt = 1; this.#announced === opencode && !signal.aborted; attempt += 1) {
      const reply = await gateway.ready(opencode.version)
      if (reply.kind === 'ok') {
        void this.#publishModels(opencode)
        return
      }
      if (reply.kind === 'refused' && reply.refusal.code === 'INCARNATION_CLOSED') return
      logger.warn({ event: 'worker.ready-refused', attempt }, describeFailure(reply))
      await this.#incarnation?.heartbeater.beatNow()
      await wait(backoffMs(attempt, retries), undefined, { signal }).catch(() => undefined)
    }
  }

  /** Models are a convenience of the page: without a list of them opencode still answers prompts. */
  async #publishModels(opencode: Opencode): Promise<void> {
    const { gateway, logger } = this.options
    const models = await opencode.listModels().catch((thrown: unknown) => {
      logger.warn(
        { event: 'opencode.models-failed', err: toError(thrown) },
        'opencode did not list its models',
      )
    })
    if (!models) return
    const reply = await gateway.publishModels(models.map(({ id, name }) => ({ id, name })))
    if (reply.kind !== 'ok') logger.warn({ event: 'worker.models-refused' }, describeFailure(reply))
  }

  /** The worker takes no work now: coming back online is not followed by `ready`. */
  withdrawReady(): void {
    this.#announced = undefined
  }

  /** The backend's word about this worker changed. */
  onSelf(self: Self): void {
    const { shutdownTimeoutMs, heartbeatIntervalMs, staleThresholdMs, approval, command } = self
    const isNew = this.#self?.heartbeatIntervalMs !== heartbeatIntervalMs
    if (this.#self && (isNew || this.#self.shutdownTimeoutMs !== shutdownTimeoutMs)) {
      this.options.logger.info(
        { event: 'worker.settings', heartbeatIntervalMs, shutdownTimeoutMs },
        'settings changed',
      )
    }
    this.#self = self
    this.#incarnation?.heartbeater.setInterval(heartbeatIntervalMs)
    this.#incarnation?.lease.changeThreshold(staleThresholdMs)
    if (approval === 'approved') this.#approved.set(true)
    else this.#approved.clear()
    this.options.onCommand(command)
  }

  stopHeartbeats(): void {
    this.#wakeWatch?.stop()
    this.#incarnation?.heartbeater.stop()
    this.#incarnation?.lease.end()
  }

  async #register(): Promise<Established> {
    const { gateway, url, workerId, described, signal, onRegistered, logger } = this.options
    const witnessKey = randomBytes(32).toString('base64url')
    const outcome = await registerWorker({
      gateway,
      url,
      described: {
        ...described,
        key: randomUUID(),
        witnessKeyHash: createHash('sha256').update(witnessKey).digest('hex'),
      },
      isKnown: this.#incarnation !== undefined,
      signal,
      logger,
    })
    if (outcome.kind !== 'registered') return outcome
    const { epoch, name, ...told } = outcome.registered
    // Whatever the one before was told to do.
    const self: Self = { ...told, command: null }
    const { staleThresholdMs } = self
    onRegistered({ backendUrl: url, workerId, epoch, key: witnessKey, staleThresholdMs })
    this.stopHeartbeats()
    this.#incarnation = this.#open(epoch, self)
    this.#wakeWatch = new WakeWatch({ onWake: (gapMs) => this.#onWake(gapMs) })
    this.onSelf(self)
    logger.info({ event: 'worker.registered', epoch, worker: name, approval: self.approval }, 'registered')
    if (!signal.aborted) gateway.follow()
    return this.#present(epoch)
  }

  #open(epoch: number, { heartbeatIntervalMs, staleThresholdMs }: Self): Incarnation {
    const { gateway, onFenced, logger } = this.options
    const lease = new LeaseKeeper({ epoch, staleThresholdMs, onFenced, logger })
    const heartbeater = new Heartbeater({
      send: (seq, beatSignal) => gateway.heartbeat(seq, beatSignal),
      intervalMs: heartbeatIntervalMs,
      onAcknowledged: (sentAt) => lease.renew(sentAt),
      onOutcome: (outcome) => this.#beats.set(outcome, (this.#beats.get(outcome) ?? 0) + 1),
      onBackOnline: () => {
        if (this.#announced) void this.announceReady(this.#announced)
      },
      logger,
    })
    return { epoch, heartbeater, lease }
  }

  /** The backend may have given this worker up meanwhile; it learns at once that there was only a sleep. */
  #onWake(gapMs: number): void {
    this.options.logger.warn({ event: 'heartbeat.late', gapMs }, 'this process did not run for a while')
    void this.#incarnation?.heartbeater.beatNow()
  }

  #present(epoch: number): Established {
    return { kind: 'present', epoch, approval: this.#self?.approval ?? 'pending' }
  }
}
