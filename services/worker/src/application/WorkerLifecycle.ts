import { defaultSettings, type ErrorPayload } from '@rollcall/backend/contract'
import type { Logger } from 'pino'
import type { WorkerConfig } from '../config'
import { StateMachine } from '../domain/StateMachine'
import { causeOf, stopForRefusal, type Farewell, type StopRequest } from '../domain/stopRequest'
import { BackendGateway } from '../infrastructure/convex/BackendGateway'
import type { WorkerHealth } from '../infrastructure/health/WorkerHealth'
import { settledWithin } from '../settledWithin'
import type { WitnessedIncarnation } from '../supervisorMessages'
import { ChatSessionManager } from './ChatSessionManager'
import { CommandFollower } from './CommandFollower'
import { Presence, type SelfDescription } from './Presence'
import { IN_FLIGHT_GRACE_MS } from './registerWorker'
import { ServingLoop } from './ServingLoop'
import type { HookGroup } from './ShutdownHook'
import { ConnectingHandler, type ConnectingOptions } from './stateHandlers/ConnectingHandler'
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

/** The parts of a worker and what they tell each other: it serves (`ServingLoop`) until it is told to stop, and then drains. */
export class WorkerLifecycle {
  readonly machine: StateMachine
  readonly #stopping = new AbortController()
  readonly #gateway: BackendGateway
  readonly #presence: Presence
  readonly #chats: ChatSessionManager
  readonly #commands: CommandFollower
  readonly #connecting: ConnectingHandler
  readonly #loop: ServingLoop
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
        onConnection: (isConnected) => this.#loop.onConnection(isConnected),
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
      onFenced: () => this.#loop.lose('lease'),
      signal,
      logger,
    })
    this.#chats = new ChatSessionManager({
      backend: this.#gateway,
      onActivity: (prompts) => this.#loop.onActivity(prompts),
      stopOpencode: (deadlineMs) => this.#connecting.stop(deadlineMs),
      logger,
    })
    this.#commands = new CommandFollower({ chats: this.#chats, onStop: options.onStop, logger })
    this.#connecting = new ConnectingHandler({
      ...opencode,
      onEnded: () => {
        this.#chats.pause()
        this.#loop.lose('opencode')
      },
      signal,
      logger,
    })
    this.#loop = new ServingLoop({
      machine: this.machine,
      gateway: this.#gateway,
      presence: this.#presence,
      connecting: this.#connecting,
      chats: this.#chats,
      onStop: options.onStop,
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
    this.#running = this.#loop.run()
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
    await settledWithin(this.#loop.establishing, IN_FLIGHT_GRACE_MS)
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

  /** Refusals that concern the whole process; those of a single chat are its own matter. */
  #onRefusal(refusal: ErrorPayload): void {
    const request = stopForRefusal(refusal)
    if (request) this.options.onStop(request)
    else if (refusal.code === 'INCARNATION_CLOSED') this.#loop.lose('incarnation')
  }
}
