import { describeFailure, type Reply } from '../infrastructure/convex/reply'
import { wholeCharacters } from './wholeCharacters'

/** Text waits this long (ms) for more of it, or until this many characters have come together. */
const BATCH_MS = 200
const BATCH_CHARS = 2_048

const ATTEMPTS = 3

/** Why no more text is taken: the backend closed the answer, or could not store it. `cause` is for a person. */
export type WriteEnd = { kind: 'closed' } | { kind: 'failed'; cause: string }

export interface AnswerWriterOptions {
  append: (index: number, text: string) => Promise<Reply<null>>
  /** Called once, when text can no longer be written. */
  onEnd: (end: WriteEnd) => void
}

/**
 * Writes the text of one answer in batches, numbered and in order, one in flight at a time; what comes meanwhile makes the
 * next batch. Never one mutation a token.
 */
export class AnswerWriter {
  #pending = ''
  #index = 0
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> | undefined
  #end: WriteEnd | undefined

  constructor(private readonly options: AnswerWriterOptions) {}

  /** Why writing ended early, if it did. */
  get end(): WriteEnd | undefined {
    return this.#end
  }

  add(text: string): void {
    if (this.#end || text.length === 0) return
    this.#pending += text
    this.#schedule()
  }

  /** Resolves when everything added so far is stored, or writing has ended. */
  async flush(): Promise<void> {
    while (this.#writing || (this.#pending.length > 0 && !this.#end)) await this.#write(true)
    clearTimeout(this.#timer)
  }

  #schedule(): void {
    if (this.#end || this.#writing || this.#pending.length === 0) return
    if (this.#pending.length >= BATCH_CHARS) void this.#write()
    else this.#timer ??= setTimeout(() => void this.#write(), BATCH_MS)
  }

  /** A batch in flight is waited for instead; when it is stored, what came meanwhile is timed like new text. */
  #write(isLast = false): Promise<void> {
    this.#writing ??= this.#writeOne(isLast).finally(() => {
      this.#writing = undefined
      this.#schedule()
    })
    return this.#writing
  }

  async #writeOne(isLast: boolean): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const text = isLast ? this.#pending : wholeCharacters(this.#pending)
    if (text.length === 0) return
    this.#pending = this.#pending.slice(text.length)
    const reply = await this.#append(text)
    if (reply.kind === 'ok') {
      this.#index += 1
      return
    }
    const isClosed = reply.kind === 'refused' && reply.refusal.code === 'MESSAGE_CLOSED'
    this.#end = isClosed ? { kind: 'closed' } : { kind: 'failed', cause: describeFailure(reply) }
    this.options.onEnd(this.#end)
  }

  /** Tries again after a failure that the backend has no name for; the index makes a repetition harmless. */
  async #append(text: string): Promise<Reply<null>> {
    for (let attempt = 1; ; attempt += 1) {
      const reply = await this.options.append(this.#index, text)
      if (reply.kind !== 'failed' || attempt === ATTEMPTS) return reply
      await new Promise((resolve) => setTimeout(resolve, BATCH_MS * attempt))
    }
  }
}
