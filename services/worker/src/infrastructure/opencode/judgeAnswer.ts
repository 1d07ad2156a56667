import type { AssistantMessage, EventSessionError } from '@opencode-ai/sdk/v2'
import { describeModelError } from './describeModelError'
import type { PromptOutcome } from './types'

export type SessionError = NonNullable<EventSessionError['properties']['error']>

/** Whether opencode will not go on after this message: it asks the model again after tools, and where it knows no reason. */
export function isAnswerOver(last: AssistantMessage | undefined): boolean {
  if (last?.error !== undefined) return true
  return last?.time.completed !== undefined && last.finish !== 'tool-calls' && last.finish !== 'unknown'
}

/**
 * How a prompt came out whose session is at rest; undefined while its answer is not whole.
 * `verdict`: why the worker gave the prompt up, if it did; `error`: what opencode said of its session.
 */
export function judgeAnswer(
  last: AssistantMessage | undefined,
  known: { verdict: string | undefined; error: SessionError | undefined },
): PromptOutcome | undefined {
  const error = last?.error ?? known.error
  if (known.verdict !== undefined) return { kind: 'failed', cause: known.verdict }
  if (error?.name === 'MessageAbortedError') return { kind: 'aborted' }
  if (error !== undefined) return { kind: 'failed', cause: describeModelError(error) }
  return last?.time.completed === undefined ? undefined : { kind: 'completed' }
}
