import type { Event } from '@opencode-ai/sdk/v2'

const minuteMs = 60_000
const silenceMs = 5 * minuteMs
/** What a timer can hold. */
const longestMs = 2 ** 31 - 1

export interface SilenceBreakerOptions {
  /** Milliseconds of silence after which a prompt is given up; default 300 000. */
  silenceMs?: number | undefined
  /** Whether something is waited for that may take long without a word: a tool, the reply of a person. */
  isWaiting: () => boolean
  /** Called once with the cause, which is for a person. */
  onSilence: (cause: string) => void
}

/**
 * Decides when a prompt is given up because nothing is heard of its session any more: a provider that keeps its connection
 * open and sends nothing would be waited for without end. Silence has a reason, and is no silence, while a tool runs, a
 * person is asked, or opencode waits to ask the model again.
 *
 *   idle ──start──▶ listening ──silence──▶ over (terminal)
 *                     └─────────stop─────────▲
 */
export class SilenceBreaker {
  private timer: NodeJS.Timeout | undefined
  /** When opencode asks the model again; in the past if it does not wait. */
  private retryAt = 0

  constructor(private readonly options: SilenceBreakerOptions) {}

  start(): void {
    this.listen()
  }

  /** Takes an event of the session. */
  hear(event: Event): void {
    if (event.type === 'session.status') {
      const { status } = event.properties
      this.retryAt = status.type === 'retry' ? status.next : 0
    }
    if (this.timer !== undefined) this.listen()
  }

  /** Idempotent. */
  stop(): void {
    clearTimeout(this.timer)
    this.timer = undefined
  }

  private get silenceMs(): number {
    return this.options.silenceMs ?? silenceMs
  }

  private listen(): void {
    clearTimeout(this.timer)
    const waitsMs = Math.max(0, this.retryAt - Date.now())
    this.timer = setTimeout(() => this.judge(), Math.min(waitsMs + this.silenceMs, longestMs))
  }

  private judge(): void {
    if (this.options.isWaiting()) {
      this.listen()
      return
    }
    this.stop()
    const minutes = Math.round(this.silenceMs / minuteMs)
    this.options.onSilence(`opencode said nothing about this answer for ${minutes} min.`)
  }
}
