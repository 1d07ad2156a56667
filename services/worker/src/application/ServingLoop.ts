import type { Logger } from 'pino'
import type { StateMachine } from '../domain/StateMachine'
import type { StopRequest } from '../domain/stopRequest'
import type { Loss } from '../domain/workerState'
import type { BackendGateway } from '../infrastructure/convex/BackendGateway'
import type { ChatSessionManager } from './ChatSessionManager'
import { Latch } from './Latch'
import type { Presence } from './Presence'
import type { ConnectingHandler } from './stateHandlers/ConnectingHandler'

export interface ServingLoopOptions {
  machine: StateMachine
  gateway: Pick<BackendGateway, 'isConnected'>
  presence: Presence
  connecting: ConnectingHandler
  chats: ChatSessionManager
  onStop: (request: StopRequest) => void
  /** Aborted when the worker is told to stop. */
  signal: AbortSignal
  logger: Logger
}

/** Takes the worker from `registering` to `ready`, and there again whenever it has lost what it needs, until it is told to stop. */
export class ServingLoop {
  readonly #connected = new Latch<true>()
  #lost = new Latch<Loss>()
  #establishing: Promise<unknown> = Promise.resolve()

  constructor(private readonly options: ServingLoopOptions) {}

  /** Settles when the registration, or the beat in its place, that was begun last is over. */
  get establishing(): Promise<unknown> {
    return this.#establishing
  }

  /** Resolves when the worker was told to stop. Rejects only for a bug. Must be called once. */
  async run(): Promise<void> {
    const { machine, presence, chats, signal, logger } = this.options
    while (!this.#isStopping()) {
      const lost = await this.#comeUpAndServe()
      if (lost === undefined || this.#isStopping()) return
      chats.pause()
      presence.withdrawReady()
      machine.to({ name: 'reconnecting', lost })
      logger.warn({ event: 'worker.reconnecting', lost }, `lost: ${lost}; coming back`)
      if (lost === 'connection') await this.#connected.wait(signal)
    }
  }

  /** Something that serving needs is gone. */
  lose(loss: Loss): void {
    this.#lost.set(loss)
  }

  /** The WebSocket opened or was lost. */
  onConnection(isConnected: boolean): void {
    if (isConnected) {
      this.#connected.set(true)
      return
    }
    this.#connected.clear()
    const { name } = this.options.machine.state
    if (name === 'ready' || name === 'busy') this.lose('connection')
  }

  /** So many prompts run now. */
  onActivity(prompts: number): void {
    const { machine, logger } = this.options
    const { state } = machine
    if (state.name === 'ready' && prompts > 0) {
      machine.to({ name: 'busy', epoch: state.epoch, prompts })
      logger.info({ event: 'worker.busy', prompts }, 'busy')
    } else if (state.name === 'busy') {
      machine.to(prompts > 0 ? { ...state, prompts } : { name: 'ready', epoch: state.epoch })
      if (prompts === 0) logger.debug({ event: 'worker.idle' }, 'idle')
    }
  }

  /** From `registering` to `ready` or `busy` and until something is lost; undefined when told to stop. */
  async #comeUpAndServe(): Promise<Loss | undefined> {
    const { machine, gateway, presence, connecting, chats, onStop, signal, logger } = this.options
    machine.to({ name: 'registering' })
    const establishing = presence.establish()
    this.#establishing = establishing
    const established = await establishing
    if (established.kind === 'stop') onStop(established.request)
    if (established.kind !== 'present' || this.#isStopping()) return undefined
    const { epoch, approval } = established
    this.#lost = new Latch<Loss>()

    if (approval !== 'approved') {
      machine.to({ name: 'awaitingApproval', epoch })
      logger.info(
        { event: 'worker.awaiting-approval', epoch },
        'waiting for approval: approve it on the page',
      )
      if (!(await this.#isKeptUntil(presence.untilApproved()))) return this.#lost.value
    }
    machine.to({ name: 'connecting', epoch })
    const connected = await connecting.connect()
    if (connected.kind === 'stop') onStop(connected.request)
    if (connected.kind !== 'connected' || this.#isStopping()) return undefined
    const { opencode } = connected

    if (!(await this.#isKeptUntil(presence.announceReady(opencode)))) return this.#lost.value
    machine.to({ name: 'ready', epoch })
    logger.info(
      { event: 'worker.ready', epoch, opencodeVersion: opencode.version },
      'ready: this worker takes work',
    )
    chats.serve(opencode)
    this.onActivity(chats.prompts)
    if (!gateway.isConnected) this.lose('connection')
    return await this.#lost.wait(signal)
  }

  #isStopping(): boolean {
    return this.options.signal.aborted
  }

  /** Waits for `step`; whether nothing was lost meanwhile, and the worker not told to stop. */
  async #isKeptUntil(step: Promise<void>): Promise<boolean> {
    await Promise.race([step, this.#lost.wait(this.options.signal)])
    return this.#lost.value === undefined && !this.#isStopping()
  }
}
