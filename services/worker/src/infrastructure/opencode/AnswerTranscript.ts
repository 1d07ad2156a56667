import { randomUUID } from 'node:crypto'
import type { AssistantMessage, Event, Message, Part } from '@opencode-ai/sdk/v2'
import { AnswerParts } from './AnswerParts'
import { AnswerText } from './AnswerText'
import { AnswerUsage } from './AnswerUsage'
import type { PromptListener } from './types'

/** What of a session belongs to one answer, and what it says: its text, the parts besides the text, what it cost. */
export class AnswerTranscript {
  readonly text: AnswerText
  readonly parts: AnswerParts
  private readonly usage = new AnswerUsage()
  /** Of the question's text; opencode keeps it, so the question is known by it, whatever the clocks say. */
  readonly questionPartId = `prt_${randomUUID().replaceAll('-', '')}`
  /** opencode's id of the person's message; it is the parent of every message of the answer. */
  private questionId: string | undefined
  private readonly answerIds = new Set<string>()

  constructor(private readonly listener: Omit<PromptListener, 'onRetry'>) {
    this.text = new AnswerText(listener.onText)
    this.parts = new AnswerParts(
      () => this.text.length,
      (part) => listener.onPart?.(part),
    )
  }

  /** Whether opencode has taken the question. */
  get isBegun(): boolean {
    return this.questionId !== undefined
  }

  /** Takes an event of the session. */
  hear(event: Event): void {
    if (event.type === 'message.updated') {
      const { info } = event.properties
      if (info.role === 'assistant') this.noteMessage(info)
    } else if (event.type === 'message.part.updated') {
      const { part } = event.properties
      this.noteQuestion(part)
      if (!this.owns(part.messageID)) return
      this.text.hearPart(part)
      this.parts.hearPart(part)
    } else if (event.type === 'message.part.delta') {
      const { messageID, partID, field, delta } = event.properties
      if (field !== 'text' || !this.owns(messageID)) return
      this.text.hearDelta(partID, delta)
      this.parts.hearDelta(partID, delta)
    }
  }

  /** Takes the session's messages as they are stored. Answers the last one of the answer, if there is one. */
  hearStored(messages: readonly { info: Message; parts: Part[] }[]): AssistantMessage | undefined {
    let last: AssistantMessage | undefined
    for (const { info, parts } of messages) {
      parts.forEach((part) => this.noteQuestion(part))
      if (info.role === 'user') continue
      this.noteMessage(info)
      if (!this.owns(info.id)) continue
      for (const part of parts) {
        this.text.hearStoredPart(part)
        this.parts.hearStoredPart(part)
      }
      last = info
    }
    return last
  }

  /** Events were missed. */
  hearGap(): void {
    this.text.hearGap()
    this.parts.hearGap()
  }

  /** Whether this is a message of the answer. */
  owns(messageId: string): boolean {
    return this.answerIds.has(messageId)
  }

  private noteQuestion(part: Part): void {
    if (part.id === this.questionPartId) this.questionId = part.messageID
  }

  private noteMessage(info: AssistantMessage): void {
    if (info.parentID !== this.questionId) return
    this.answerIds.add(info.id)
    this.usage.note(info)
    const { sum } = this.usage
    if (sum) this.listener.onUsage?.(sum)
  }
}
