import { isDeepStrictEqual } from 'node:util'
import { limits } from '@rollcall/backend/contract'
import type { Logger } from 'pino'
import type { PartUpdates } from '../infrastructure/convex/backendTypes'
import { describeFailure, type Reply } from '../infrastructure/convex/reply'
import type { PartUpdate } from '../infrastructure/opencode/types'
import { wholeCharacters } from './wholeCharacters'

/** What is new waits this long (ms) for more of it. */
const BATCH_MS = 200

const ATTEMPTS = 3

export interface PartWriterOptions {
  put: (parts: PartUpdates) => Promise<Reply<null>>
  logger: Logger
}

/**
 * Tells what is done on the way to one answer, in batches of the newest state of each part, one in flight at a time. It is
 * only ever told beside the text: what cannot be told is left out, with one warning, and the answer goes on.
 */
export class PartWriter {
  /** In the order in which they are to be told. */
  readonly #pending = new Map<string, PartUpdate>()
  /** What was added last of each part, so that nothing is told twice. */
  readonly #newest = new Map<string, PartUpdate>()
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> | undefined
  #isClosed = false
  #hasWarned = false

  constructor(private readonly options: PartWriterOptions) {}

  /** In place of what was added of the same part before. */
  add({ key, at, what }: PartUpdate): void {
    const update = { key, at, what: bounded(what) }
    if (this.#isClosed || isDeepStrictEqual(this.#newest.get(key), update)) return
    this.#newest.set(key, update)
    this.#pending.set(key, update)
    this.#schedule()
  }

  /** Resolves when everything added so far is stored or left out. */
  async flush(): Promise<void> {
    while (this.#writing || this.#pending.size > 0) await this.#write()
    clearTimeout(this.#timer)
  }

  #schedule(): void {
    if (this.#writing || this.#pending.size === 0) return
    this.#timer ??= setTimeout(() => void this.#write(), BATCH_MS)
  }

  /** A batch in flight is waited for instead. */
  #write(): Promise<void> {
    this.#writing ??= this.#writeOne().finally(() => {
      this.#writing = undefined
      this.#schedule()
    })
    return this.#writing
  }

  async #writeOne(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const parts = [...this.#pending.values()].slice(0, limits.partsPerCall)
    for (const { key } of parts) this.#pending.delete(key)
    const reply = await this.#put(parts)
    if (reply.kind === 'ok') return
    if (reply.kind === 'refused' && reply.refusal.code === 'MESSAGE_CLOSED') {
      this.#isClosed = true
      this.#pending.clear()
    }
    if (!this.#isClosed && !this.#hasWarned) {
      this.#hasWarned = true
      this.options.logger.warn({ event: 'chat.parts-left-out' }, describeFailure(reply))
    }
  }

  /** Tries again after a failure that the backend has no name for; a repetition is harmless. */
  async #put(parts: PartUpdates): Promise<Reply<null>> {
    for (let attempt = 1; ; attempt += 1) {
      const reply = await this.options.put(parts)
      if (reply.kind !== 'failed' || attempt === ATTEMPTS) return reply
      await new Promise((resolve) => setTimeout(resolve, BATCH_MS * attempt))
    }
  }
}

type Told = PartUpdates[number]['what']

/** What the backend takes of a part. */
function bounded(what: PartUpdate['what']): Told {
  switch (what.kind) {
    case 'reasoning': {
      const text = cut(what.text, limits.partLength)
      return { ...what, text, ...(text !== what.text && { isTruncated: true }) }
    }
    case 'tool': {
      const input = cut(what.input, limits.partLength)
      const output = cut(what.output, limits.partLength)
      const isTruncated = input !== what.input || output !== what.output
      const names = {
        tool: cut(what.tool, limits.identifierLength),
        title: cut(what.title, limits.identifierLength),
      }
      return { ...what, ...names, input, output, ...(isTruncated && { isTruncated: true }) }
    }
    default:
      return what satisfies never
  }
}

function cut(text: string, length: number): string {
  return text.length > length ? wholeCharacters(text.slice(0, length)) : text
}
