import { defaultSettings, type ErrorPayload } from '@rollcall/backend/contract'
import type { Logger } from 'pino'
import type { WorkerConfig } from '../config'
import { StateMachine } from '../domain/StateMachine'
import { causeOf, stopForRefusal, type Farewell, type StopRequest } from '../domain/stopRequest'
import type { Loss } from '../domain/workerState'
import { BackendGateway } from '../infrastructure/convex/BackendGateway'
import type { WorkerHealth } from '../infrastructure/health/WorkerHealth'
import type { WitnessedIncarnation } from '../supervisorMessages'
import { ChatSessionManager } from './ChatSessionManager'
import { CommandFollower } from './CommandFollower'
import { Latch } from './Latch'
import { Presence, type SelfDescription } from './Presence'
import type { HookGroup } from './ShutdownHook'
import { settledWithin } from '../settledWithin'
import { ConnectingHandler, type ConnectingOptions } from './stateHandlers/ConnectingHandler'
import { IN_FLIGHT_GRACE_MS } from './stateHandlers/RegisteringHandler'
import { ShutdownHandler } from './stateHandlers/ShutdownHandler'

export type OpencodeDriver = Pick<ConnectingOptions, 'reap' | 'start'>

export interface LifecycleOptions {
  config: WorkerConfig
  described: SelfDescription
  opencode: OpencodeDriver
  hooks: readonly HookGroup[]
  /** An incarnation was opened; with what its supervisor needs to report on it. */
  onRegistered?: (incarnation: WitnessedIncarnation) => void
  /** The worker has to stop, for a reason of its own. May be called more than once. */
  onStop: (request: StopRequest) => void
  logger: Logger
}

/** Takes the worker through its states until it is told to stop, and then through its drain. */
export class WorkerLifecycle {
  readonly machine: StateMachine
  readonly #stopping = new AbortController()
  readonly #gateway: BackendGateway
  readonly #presence: Presence
  readonly #chats: ChatSessionManager
  readonly #commands: CommandFollower
  readonly #connecting: ConnectingHandler
  readonly #connected = new Latch<true>()
  #lost = new Latch<Loss>()
  #establishing: Promise<unknown> = Promise.resolve()
  #running: Promise<void> = Promise.resolve()
  #drain: ShutdownHandler | undefined
  /** Since the worker was told to stop; `deadlineAt` on the monotonic clock. */
  #ending: { cause: string; deadlineAt: number } | undefined

  constructor(private readonly options: LifecycleOptions) {
    const { config, described, opencode, logger } = options
    const { signal } = this.#stopping
    this.machine = new StateMachine((transition) => {
      logger.debug({ event: 'worker.state', ...transition }, `${transition.from} → ${transition.to}`)
    })
    this.#gateway = new BackendGateway({
      url: config.backendUrl,
      workerId: config.token.workerId,
      secret: config.token.secret,
      logger,
      listener: {
        onRefusal: (refusal) => this.#onRefusal(refusal),
        onConnection: (isConnected) => this.#onConnection(isConnected),
        onSelf: (self) => this.#presence.onSelf(self),
        onQueued: (queued) => this.#chats.offer(queued),
        onStops: (stops) => this.#chats.stop(stops),
        onReplies: (replies) => this.#chats.handOn(replies),
      },
    })
    this.#presence = new Presence({
      gateway: this.#gateway,
      url: config.backendUrl,
      workerId: config.token.workerId,
      described,
      onRegistered: options.onRegistered ?? (() => {}),
      onCommand: (command) => this.#commands.follow(command),
      onFenced: () => this.#lost.set('lease'),
      signal,
      logger,
    })
    this.#chats = new ChatSessionManager({
      backend: this.#gateway,
      onActivity: (prompts) => this.#onActivity(prompts),
      stopOpencode: (deadlineMs) => this.#connecting.stop(deadlineMs),
      logger,
    })
    this.#commands = new CommandFollower({ chats: this.#chats, onStop: options.onStop, logger })
    this.#connecting = new ConnectingHandler({
      ...opencode,
      onEnded: () => {
        this.#chats.pause()
        this.#lost.set('opencode')
      },
      signal,
      logger,
    })
  }

  /** Milliseconds a drain may take: configured here, or else by the deployment, as far as it has said. */
  get shutdownTimeoutMs(): number {
    const told = this.options.config.shutdownTimeoutMs ?? this.#presence.shutdownTimeoutMs
    return told ?? defaultSettings.shutdownTimeoutMs
  }

  /** The steps of a drain that are not over. */
  get hangingSteps(): string[] {
    return this.#drain?.hanging ?? []
  }

  /** What the worker says of itself, see `WorkerHealth`. */
  get health(): WorkerHealth {
    const { config, described } = this.options
    const { epoch, isFenced, beatAgeMs, beats } = this.#presence
    return {
      ...{ workerId: config.token.workerId, versions: described.versions },
      ...{ state: this.machine.state, history: this.machine.history },
      ...{ epoch: epoch > 0 ? epoch : undefined, isFenced, beatAgeMs, beats },
      heldFor: this.#commands.awaited,
      ...{ answersRunning: this.#chats.prompts, opencode: this.#connecting.opencode },
      shutdown: this.#ending && {
        cause: this.#ending.cause,
        hangingSteps: this.hangingSteps,
        deadlineInMs: Math.max(0, this.#ending.deadlineAt - performance.now()),
      },
    }
  }

  /** Serves until `shutdown` is called. Rejects only for a bug. Must be called once. */
  run(): Promise<void> {
    this.#running = this.#serve()
    return this.#running
  }

  /** Drains, see `ShutdownHandler`. Must be called once, in any state. `forced` is the second signal. */
  async shutdown(request: StopRequest, forced: AbortSignal): Promise<Farewell> {
    const { hooks, logger } = this.options
    const timeoutMs = this.shutdownTimeoutMs
    this.#ending = { cause: causeOf(request), deadlineAt: performance.now() + timeoutMs }
    this.#stopping.abort()
    this.machine.to({ name: 'shuttingDown', request })
    this.#chats.pause()
    this.#presence.withdrawReady()
    await settledWithin(this.#establishing, IN_FLIGHT_GRACE_MS)
    this.#drain = new ShutdownHandler({
      request,
      gateway: this.#gateway,
      chats: this.#chats,
      settled: this.#running.catch(() => undefined),
      hooks,
      stopHeartbeats: () => this.#presence.stopHeartbeats(),
      isRegistered: this.#presence.epoch > 0,
      timeoutMs,
      forced,
      logger,
    })
    const farewell = await this.#drain.run()
    this.machine.to({ name: 'stopped', farewell })
    return farewell
  }

  async #serve(): Promise<void> {
    const { logger } = this.options
    const { signal } = this.#stopping
    while (!this.#isStopping()) {
      const lost = await this.#comeUpAndServe()
      if (lost === undefined || this.#isStopping()) return
      this.#chats.pause()
      this.#presence.withdrawReady()
      this.machine.to({ name: 'reconnecting', lost })
      logger.warn({ event: 'worker.reconnecting', lost }, `lost: ${lost}; coming back`)
      if (lost === 'connection') await this.#connected.wait(signal)
    }
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted
  }

  /** From `registering` to `ready` or `busy` and until something is lost; undefined when told to stop. */
  async #comeUpAndServe(): Promise<Loss | undefined> {
    const { logger, onStop } = this.options
    const { signal } = this.#stopping
    this.machine.to({ name: 'registering' })
    const establishing = this.#presence.establish()
    this.#establishing = establishing
    const established = await establishing
    if (established.kind === 'stop') onStop(established.request)
    if (established.kind !== 'present' || this.#isStopping()) return undefined
    const { epoch, approval } = established
    this.#lost = new Latch<Loss>()

    if (approval !== 'approved') {
      this.machine.to({ name: 'awaitingApproval', epoch })
      logger.info(
        { event: 'worker.awaiting-approval', epoch },
        'waiting for approval: approve it on the page',
      )
      await Promise.race([this.#presence.untilApproved(), this.#lost.wait(signal)])
      if (this.#isStopping() || this.#lost.value !== undefined) return this.#lost.value
    }
    this.machine.to({ name: 'connecting', epoch })
    const connected = await this.#connecting.connect()
    if (connected.kind === 'stop') onStop(connected.request)
    if (connected.kind !== 'connected' || this.#isStopping()) return undefined
    const { opencode } = connected

    await Promise.race([this.#presence.announceReady(opencode), this.#lost.wait(signal)])
    if (this.#isStopping() || this.#lost.value !== undefined) return this.#lost.value
    this.machine.to({ name: 'ready', epoch })
    logger.info(
      { event: 'worker.ready', epoch, opencodeVersion: opencode.version },
      'ready: this worker takes work',
    )
    this.#chats.serve(opencode)
    this.#onActivity(this.#chats.prompts)
    if (!this.#gateway.isConnected) this.#lost.set('connection')
    return await this.#lost.wait(signal)
  }

  #onActivity(prompts: number): void {
    const { state } = this.machine
    if (state.name === 'ready' && prompts > 0) {
      this.machine.to({ name: 'busy', epoch: state.epoch, prompts })
      this.options.logger.info({ event: 'worker.busy', prompts }, 'busy')
    } else if (state.name === 'busy') {
      this.machine.to(prompts > 0 ? { ...state, prompts } : { name: 'ready', epoch: state.epoch })
      if (prompts === 0) this.options.logger.debug({ event: 'worker.idle' }, 'idle')
    }
  }

  #onConnection(isConnected: boolean): void {
    if (isConnected) {
      this.#connected.set(true)
      return
    }
    this.#connected.clear()
    const { name } = this.machine.state
    if (name === 'ready' || name === 'busy') this.#lost.set('connection')
  }

  /** Refusals that concern the whole process; those of a single chat are its own matter. */
  #onRefusal(refusal: ErrorPayload): void {
    const request = stopForRefusal(refusal)
    if (request) this.options.onStop(request)
    else if (refusal.code === 'INCARNATION_CLOSED') this.#lost.set('incarnation')
  }
}
