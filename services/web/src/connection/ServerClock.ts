import { SECOND } from '@rollcall/backend/contract'

/**
 * The server's time as the page knows it, in ms since 1970: `guessed` from the viewer's clock until the server has told
 * it. Nothing may be judged by a guess.
 */
export interface Reading {
  kind: 'guessed' | 'told'
  now: number
}

/**
 * The server's time, told by its answers and carried on by the page's monotonic clock (`performance.now()`): the viewer's
 * clock may be wrong, and may be set while the page is open. One timer for the whole page, running only while something
 * shows a time.
 */
export class ServerClock {
  private kind: Reading['kind'] = 'guessed'
  /** Server time minus monotonic time. */
  private offset = Date.now() - performance.now()
  private reading: Reading = { kind: 'guessed', now: Date.now() }
  private readonly listeners = new Set<() => void>()
  private timer: ReturnType<typeof setInterval> | undefined

  /**
   * Takes the server's time from an answer that arrives now. An answer that was made at some time before can only make the
   * server's time appear older than it is: unless it `isFresh`, it is believed only as far as it moves the clock forward.
   */
  hear(serverNow: number, isFresh: boolean): void {
    const offset = serverNow - performance.now()
    this.offset = this.kind === 'guessed' || isFresh ? offset : Math.max(this.offset, offset)
    this.kind = 'told'
    this.tick()
  }

  /** The server's time when the monotonic clock showed `monotonic`. */
  at(monotonic: number): number {
    return monotonic + this.offset
  }

  readonly current = (): Reading => this.reading

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    if (this.timer === undefined) {
      this.read()
      this.timer = setInterval(this.tick, SECOND)
    }
    return () => {
      this.listeners.delete(listener)
      if (this.listeners.size > 0) return
      clearInterval(this.timer)
      this.timer = undefined
    }
  }

  private readonly tick = (): void => {
    this.read()
    for (const listener of this.listeners) listener()
  }

  private read(): void {
    this.reading = { kind: this.kind, now: this.at(performance.now()) }
  }
}
