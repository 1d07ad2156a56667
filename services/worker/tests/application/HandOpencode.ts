import type { PersonReply } from '../../src/infrastructure/opencode/types'
import type { Opencode, ProcessEnd, PromptOptions, PromptOutcome } from '../../src/infrastructure/opencode'
import { until } from '../setup'

export interface HandPrompt extends PromptOptions {
  say: (text: string) => void
  end: (outcome: PromptOutcome) => void
}

/** An opencode whose answers are given by the test, one word at a time. The real one is in `tests/e2e`. */
export class HandOpencode implements Opencode {
  readonly version = '0.0.0-hand'
  readonly prompts: HandPrompt[] = []
  readonly died: Promise<ProcessEnd>
  readonly exited: Promise<ProcessEnd>
  /** Ends it as if it had been killed: what it answers is interrupted. */
  die: (end: ProcessEnd) => void = () => {}
  stops = 0
  /** Whether an aborted prompt is over at once; otherwise when the test ends it. */
  abortsAtOnce = true

  constructor(readonly sessions = new Set<string>()) {
    this.died = new Promise((resolve) => {
      this.die = (end) => {
        for (const prompt of this.prompts) prompt.end({ kind: 'interrupted', cause: 'opencode ended.' })
        resolve(end)
      }
    })
    this.exited = this.died
  }

  listModels(): Promise<[]> {
    return Promise.resolve([])
  }

  createSession(): Promise<{ id: string }> {
    const id = `ses_${Math.random().toString(36).slice(2)}`
    this.sessions.add(id)
    return Promise.resolve({ id })
  }

  sessionExists(id: string): Promise<boolean> {
    return Promise.resolve(this.sessions.has(id))
  }

  prompt(options: PromptOptions): Promise<PromptOutcome> {
    return new Promise((end) => {
      options.signal.addEventListener('abort', () => {
        if (this.abortsAtOnce) end({ kind: 'aborted' })
      })
      this.prompts.push({ ...options, end, say: options.onText })
    })
  }

  /** What it was replied. */
  readonly replies: [string, PersonReply][] = []

  reply(key: string, reply: PersonReply): Promise<void> {
    this.replies.push([key, reply])
    return Promise.resolve()
  }

  abort(): Promise<void> {
    return Promise.resolve()
  }

  processes(): undefined {
    return undefined
  }

  stop(): Promise<void> {
    this.stops += 1
    return Promise.resolve()
  }

  /** The prompt with this text, once it was given. */
  prompted(text: string): Promise<HandPrompt> {
    return until(`prompt ${text}`, () => this.prompts.find((prompt) => prompt.text === text))
  }
}
