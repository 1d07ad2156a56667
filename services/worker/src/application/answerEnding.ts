import type { PromptOutcome } from '../infrastructure/opencode/types'

/** Why a running prompt was ended from this side. */
export type Abortion =
  /** The worker is shutting down; the text so far is kept. */
  | { kind: 'shutdown' }
  /** Its person wanted it to end; the text so far is kept. */
  | { kind: 'stopped' }
  /** The answer is no longer ours to write. */
  | { kind: 'closed' }
  | { kind: 'failed'; cause: string }

/** How an answer ends in the backend; `closed` already has. `cause` is for a person. */
export type AnswerEnding =
  { kind: 'completed' } | { kind: 'closed' } | { kind: 'failed' | 'interrupted'; cause: string }

const SHUT_DOWN = 'The worker was shut down while it was answering.'
const STOPPED = 'Stopped.'

/** What ended the prompt from this side wins over what opencode made of it. */
export function answerEnding(outcome: PromptOutcome, abortion: Abortion | undefined): AnswerEnding {
  switch (abortion?.kind) {
    case 'shutdown':
      return { kind: 'interrupted', cause: SHUT_DOWN }
    case 'stopped':
      return { kind: 'interrupted', cause: STOPPED }
    case 'closed':
    case 'failed':
      return abortion
    case undefined:
      return outcome.kind === 'aborted' ? { kind: 'failed', cause: 'opencode aborted this prompt.' } : outcome
    default:
      return abortion satisfies never
  }
}
