import { AsyncLocalStorage } from 'node:async_hooks'
import type { Frame, TransactionFrame } from './Frame'
import { withinLimit } from './withinLimit'

/**
 * Which function it is that asks something of its host. To know that, every promise would have to be followed, which slows down all of
 * them; so mutations, of which one runs at a time, are known by a variable, and promises are followed only while something else runs: a
 * query, an action, a call within a call.
 */
export class RunningFunctions {
  private readonly storage = new AsyncLocalStorage<Frame>()
  private followed = 0
  private mutation: TransactionFrame | null = null

  constructor(private readonly began: ((path: string) => void) | undefined) {}

  get current(): Frame | undefined {
    return this.storage.getStore() ?? this.mutation ?? undefined
  }

  /** Runs `call` as `frame`, for as long as it may take, and ends the frame with it: what was left running is refused everything. */
  async run<T>(frame: Frame, call: () => Promise<T>): Promise<T> {
    this.began?.(frame.path)
    const isFollowed = frame.kind !== 'mutation' || this.current !== undefined
    if (isFollowed) this.followed++
    else this.mutation = frame
    try {
      return await withinLimit(frame.kind, isFollowed ? () => this.storage.run(frame, call) : call)
    } finally {
      frame.ended = true
      // Until all promises that can go on have done so: no other function may be taken for this one.
      await new Promise<void>((resolve) => process.nextTick(resolve))
      if (!isFollowed) this.mutation = null
      else if (--this.followed === 0) this.storage.disable()
    }
  }
}
