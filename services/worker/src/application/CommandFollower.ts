import type { Logger } from 'pino'
import type { StopRequest } from '../domain/stopRequest'
import type { Command } from '../infrastructure/convex/backendTypes'
import type { ChatSessionManager } from './ChatSessionManager'

/**
 *  none ⇄ waiting ──answers done, or told now──▶ begun (terminal)
 *    └───────────────told now───────────────────▶
 *  In `waiting` no new work is taken.
 */
type Following = { name: 'none' } | { name: 'waiting'; for: Command['kind'] } | { name: 'begun' }

const causes = { stop: 'stop-requested', restart: 'restart-requested' } as const

export interface CommandFollowerOptions {
  chats: Pick<ChatSessionManager, 'hold' | 'release'>
  /** The worker has to drain; called at most once. */
  onStop: (request: StopRequest) => void
  logger: Logger
}

/** Does what people tell this worker from afar: to stop or to restart, now or when the answers that it gives are done. */
export class CommandFollower {
  #following: Following = { name: 'none' }

  constructor(private readonly options: CommandFollowerOptions) {}

  /** The cause with which the worker drains when its answers are done. */
  get awaited(): (typeof causes)[Command['kind']] | undefined {
    return this.#following.name === 'waiting' ? causes[this.#following.for] : undefined
  }

  /** The backend's newest word; null when nothing is to be done, or no longer. Safe to repeat, and in every state of the worker. */
  follow(command: Command | null): void {
    const following = this.#following
    if (following.name === 'begun') return
    if (command?.when === 'now') this.#begin(command.kind)
    else if (command === null && following.name === 'waiting') this.#withdraw()
    else if (command && this.awaited !== causes[command.kind]) this.#wait(command.kind)
  }

  #wait(kind: Command['kind']): void {
    const { chats, logger } = this.options
    this.#following = { name: 'waiting', for: kind }
    logger.info(
      { event: 'command.waiting', command: kind },
      `told to ${kind} when its answers are done: taking no new work`,
    )
    chats.hold(() => this.#begin(kind))
  }

  #withdraw(): void {
    const { chats, logger } = this.options
    this.#following = { name: 'none' }
    logger.info({ event: 'command.withdrawn' }, 'not to stop after all: taking work again')
    chats.release()
  }

  #begin(kind: Command['kind']): void {
    if (this.#following.name === 'begun') return
    this.#following = { name: 'begun' }
    this.options.onStop({ kind: 'asked', cause: causes[kind] })
  }
}
