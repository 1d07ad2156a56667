import type { AssistantMessage } from '@opencode-ai/sdk/v2'

/** What an answer has cost. `usd` by the prices that opencode knows of its provider, 0 where it knows none. */
export interface Usage {
  usd: number
  inputTokens: number
  outputTokens: number
  reasoningTokens: number
  cacheReadTokens: number
  cacheWriteTokens: number
}

/** Adds up what the messages of one answer have cost; opencode tells it with each message, and again when it changes. */
export class AnswerUsage {
  private readonly messages = new Map<string, Usage>()

  note({ id, cost, tokens }: AssistantMessage): void {
    this.messages.set(id, {
      usd: amount(cost),
      inputTokens: count(tokens.input),
      outputTokens: count(tokens.output),
      reasoningTokens: count(tokens.reasoning),
      cacheReadTokens: count(tokens.cache.read),
      cacheWriteTokens: count(tokens.cache.write),
    })
  }

  /** Undefined while nothing was counted: a provider that says nothing did not work for nothing. */
  get sum(): Usage | undefined {
    const sum: Usage = {
      usd: 0,
      inputTokens: 0,
      outputTokens: 0,
      reasoningTokens: 0,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
    }
    const names = Object.keys(sum) as (keyof Usage)[]
    for (const usage of this.messages.values()) for (const name of names) sum[name] += usage[name]
    return names.some((name) => sum[name] > 0) ? sum : undefined
  }
}

/** A provider may leave out what opencode then makes NaN of. */
function amount(value: number): number {
  return Number.isFinite(value) ? Math.max(0, value) : 0
}

function count(value: number): number {
  return Math.round(amount(value))
}
