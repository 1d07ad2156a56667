import { setTimeout as wait } from 'node:timers/promises'
import type { Event, OpencodeClient } from '@opencode-ai/sdk/v2'
import type { Logger } from 'pino'

const reconnectMs = { first: 100, most: 2_000 }
/**
 * opencode greets a new stream at once and then sends a sign of life every 10 s; a stream that is silent for longer is dead.
 * A request that reaches opencode while it starts may never be answered.
 */
const silenceMs = { first: 5_000, then: 30_000 }

export interface EventListener {
  onEvent(event: Event): void
  /** The stream was interrupted and is back: what happened in between was not heard and will not be repeated. */
  onGap(): void
}

/**
 * opencode's event stream as one that does not end. The SDK's stops silently when the server closes it, and its own retrying
 * does not tell that something was missed; so every connection here is a single attempt, and the loop is ours.
 */
export class EventFeed {
  private readonly closing = new AbortController()
  private readonly finished: Promise<void>
  private readonly firstConnection: Promise<void>
  private connected: () => void = () => undefined
  private hasConnected = false

  constructor(
    private readonly client: OpencodeClient,
    private readonly listener: EventListener,
    private readonly logger: Logger,
  ) {
    this.firstConnection = new Promise((resolve) => {
      this.connected = resolve
    })
    this.finished = this.run()
  }

  /** Resolves when events are heard for the first time, or the feed is closed before. */
  whenConnected(): Promise<void> {
    return this.firstConnection
  }

  /** Ends the stream. Idempotent; never rejects. */
  close(): Promise<void> {
    this.closing.abort()
    this.connected()
    return this.finished
  }

  private async run(): Promise<void> {
    let pause = reconnectMs.first
    while (!this.isClosed()) {
      const heardSomething = await this.listenOnce()
      if (this.isClosed()) return
      pause = heardSomething ? reconnectMs.first : Math.min(pause * 2, reconnectMs.most)
      this.logger.debug({ pauseMs: pause }, 'The event stream of opencode ended, connecting again')
      await wait(pause, undefined, { signal: this.closing.signal }).catch(() => undefined)
    }
  }

  private async listenOnce(): Promise<boolean> {
    const silence = new AbortController()
    let timer = setTimeout(() => silence.abort(), silenceMs.first)
    let heardSomething = false
    try {
      const { stream } = await this.client.event.subscribe(undefined, {
        signal: AbortSignal.any([this.closing.signal, silence.signal]),
        sseMaxRetryAttempts: 1,
        onSseError: (error) => this.logger.debug({ err: error }, 'The event stream of opencode broke'),
      })
      for await (const event of stream) {
        if (this.isClosed()) break
        heardSomething = true
        clearTimeout(timer)
        timer = setTimeout(() => silence.abort(), silenceMs.then)
        this.pass(event)
      }
    } catch (error: unknown) {
      this.logger.debug({ err: error }, 'The event stream of opencode broke')
    } finally {
      clearTimeout(timer)
    }
    return heardSomething
  }

  private isClosed(): boolean {
    return this.closing.signal.aborted
  }

  private pass(event: Event): void {
    if (event.type !== 'server.connected') {
      this.listener.onEvent(event)
      return
    }
    if (this.hasConnected) this.listener.onGap()
    this.hasConnected = true
    this.connected()
  }
}
