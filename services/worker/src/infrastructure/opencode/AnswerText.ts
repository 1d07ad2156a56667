import type { Part } from '@opencode-ai/sdk/v2'

const separator = '\n\n'

/**
 * Puts the text of one answer together from what is heard about its parts. Only text parts count: reasoning and tools are
 * parts of the answer too, and reasoning deltas look the same. Text of different parts is kept apart by an empty line.
 */
export class AnswerText {
  private readonly kinds = new Map<string, Part['type']>()
  private readonly passed = new Map<string, string>()
  /** Parts of which some deltas were not heard. */
  private readonly torn = new Set<string>()
  private lastPart: string | undefined
  private hasProgress = false
  private passedLength = 0

  constructor(private readonly onText: (delta: string) => void) {}

  /** Whether any text came since the last call. */
  takeProgress(): boolean {
    const before = this.hasProgress
    this.hasProgress = false
    return before
  }

  /** Of all that was passed on, in UTF-16 code units. */
  get length(): number {
    return this.passedLength
  }

  hearDelta(partId: string, delta: string): void {
    if (this.kinds.get(partId) === 'text' && !this.torn.has(partId)) this.pass(partId, delta)
  }

  /** A part as a whole. What of its text did not come as deltas is passed on now. */
  hearPart(part: Part): void {
    this.kinds.set(part.id, part.type)
    if (part.type !== 'text' || part.synthetic === true || part.ignored === true) return
    const passed = this.passed.get(part.id) ?? ''
    if (part.text.length > passed.length && part.text.startsWith(passed)) {
      this.pass(part.id, part.text.slice(passed.length))
    }
  }

  /** A part as opencode has stored it: its text is stored only when it is complete, and empty until then. */
  hearStoredPart(part: Part): void {
    if (!this.kinds.has(part.id)) this.torn.add(part.id)
    this.hearPart(part)
  }

  /** Events were lost: what follows of the parts begun so far would leave a hole, so it waits for the whole part. */
  hearGap(): void {
    for (const id of this.kinds.keys()) this.torn.add(id)
  }

  private pass(partId: string, delta: string): void {
    if (delta === '') return
    const isNextPart = this.lastPart !== undefined && this.lastPart !== partId
    this.passed.set(partId, (this.passed.get(partId) ?? '') + delta)
    this.lastPart = partId
    this.hasProgress = true
    const text = isNextPart ? separator + delta : delta
    this.passedLength += text.length
    this.onText(text)
  }
}
