import type { Caller } from '../../engine/types'
import type { ClientMessageOf } from './clientMessage'

export interface QueuedMutation {
  message: ClientMessageOf<'Mutation'>
  /** Who the client was when it asked. */
  caller: Caller
  sessionId: string
}

/** One client's mutations, one after the other in the order they were asked for. */
export class MutationQueue {
  private readonly waiting: QueuedMutation[] = []
  private running: Promise<void> | null = null

  /** `run` must not reject. `onDone` is called after each. */
  constructor(
    private readonly run: (mutation: QueuedMutation) => Promise<void>,
    private readonly onDone: () => void,
  ) {}

  get length(): number {
    return this.waiting.length
  }

  /** The end of the mutation that runs now. */
  get current(): Promise<void> | null {
    return this.running
  }

  push(mutation: QueuedMutation): void {
    this.waiting.push(mutation)
    this.next()
  }

  /** Forgets what has not begun. */
  clear(): void {
    this.waiting.length = 0
  }

  private next(): void {
    if (this.running) return
    const mutation = this.waiting.shift()
    if (!mutation) return
    this.running = this.run(mutation).then(() => {
      this.running = null
      this.onDone()
      // One client's queue must not keep the others from being heard.
      setImmediate(() => this.next())
    })
  }
}
