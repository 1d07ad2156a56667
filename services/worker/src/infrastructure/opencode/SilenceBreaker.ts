import type { Event } from '@opencode-ai/sdk/v2'

const minuteMs = 60_000
const silenceMs = 5 * minuteMs
/** What a timer can hold. */
const longestMs = 2 ** 31 - 1

export interface SilenceBreakerOptions {
  /** Milliseconds of silence after which a prompt is given up; default 300 000. */
  silenceMs?: number | undefined
  /** A tool may work for long without a word. */
  isToolRunning: () => boolean
  /** Called once with the cause, which is for a person. */
  onSilence: (cause: string) => void
}

/**
 * Decides when a prompt is given up because nothing is heard of its session any more: a provider that keeps its connection
 * open and sends nothing would be waited for without end. Silence has a reason, and is no silence, while a tool runs, a
 * permission is open, or opencode waits to ask the model again.
 *
 *   idle ──start──▶ listening ──silence──▶ over (terminal)
 *                     └─────────stop─────────▲
 */
export class SilenceBreaker {
  private timer: NodeJS.Timeout | undefined
  private readonly permissions = new Set<string>()
  /** When opencode asks the model again; in the past if it does not wait. */
  private retryAt = 0

  constructor(private readonly options: SilenceBreakerOptions) {}

  start(): void {
    this.listen()
  }

  /** Takes an event of the session. */
  hear(event: Event): void {
    if (event.type === 'permission.asked') this.permissions.add(event.properties.id)
    else if (event.type === 'permission.replied') this.permissions.delete(event.properties.requestID)
    else if (event.type === 'session.status') {
      const { status } = event.properties
      this.retryAt = status.type === 'retry' ? status.next : 0
    }
    if (this.timer !== undefined) this.listen()
  }

  /** Events were missed: an answer to a permission may be among them. It is no word about the session. */
  hearGap(): void {
    this.permissions.clear()
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
    if (this.permissions.size > 0 || this.options.isToolRunning()) {
      this.listen()
      return
    }
    this.stop()
    const minutes = Math.round(this.silenceMs / minuteMs)
    this.options.onSilence(`opencode said nothing about this answer for ${minutes} min.`)
  }
}
