import type { Policy } from '@rollcall/backend/contract'
import type { Logger } from 'pino'
import type { PartUpdate } from './AnswerParts'
import type { Usage } from './AnswerUsage'

export type { PartUpdate, Usage }

/** How a prompt ended. `cause` is one sentence for the person who wrote the prompt. */
export type PromptOutcome =
  | { kind: 'completed' }
  | { kind: 'failed'; cause: string }
  /** opencode ended in the middle of it. */
  | { kind: 'interrupted'; cause: string }
  | { kind: 'aborted' }

/** opencode waits to ask the model again, because of `message`. */
export interface ModelRetry {
  /** Counts from 1. */
  attempt: number
  message: string
  /** Milliseconds until then. */
  inMs: number
}

/** What is said of an answer while it is given. */
export interface PromptListener {
  /** Called with each piece of the answer's text, in order and without repeats. Reasoning is not part of it. */
  onText: (delta: string) => void
  /** Called with the state of a reasoning or tool part when it may have changed; the newest counts. */
  onPart?: ((update: PartUpdate) => void) | undefined
  onRetry?: ((retry: ModelRetry) => void) | undefined
  /** Called with the sum so far when it may have changed. */
  onUsage?: ((usage: Usage) => void) | undefined
}

/** What opencode asks a person: whether it may do something, or what it shall do. */
export interface PersonRequest {
  /** opencode's id of it. */
  key: string
  what:
    | { kind: 'permission'; permission: string; patterns: string[] }
    | {
        kind: 'question'
        questions: {
          header: string
          question: string
          options: { label: string; description: string }[]
          mayChooseSeveral: boolean
        }[]
      }
}

/** `answers`: for each question the labels chosen, or own words. */
/** `always`: for the rest of the session, as long as its policy stays. */
export type PersonReply = { kind: 'once' | 'always' | 'reject' } | { kind: 'answers'; answers: string[][] }

export interface PromptOptions extends PromptListener {
  sessionId: string
  /** Called when opencode asks something, and again after a gap; without it opencode is told that nobody can be asked. */
  onRequest?: ((request: PersonRequest) => void) | undefined
  /** `provider/model`; opencode's configured model if absent. */
  model?: string | undefined
  /** What opencode may do for this prompt; by its own rules if absent. */
  policy?: Policy | undefined
  text: string
  /** Aborts the prompt; the outcome is then `aborted`, at the latest after a few seconds. */
  signal: AbortSignal
}

export interface OpencodeModel {
  /** `provider/model`. */
  id: string
  name: string
}

export interface ProcessEnd {
  exitCode: number | null
  signal: string | null
}

/** What a set of processes uses of its machine. */
export interface ProcessUsage {
  count: number
  /** Memory in RAM; pages that several of them share are counted in each. */
  residentBytes: number
}

/** A running opencode server that belongs to one incarnation of the worker. */
export interface Opencode {
  /** opencode's own version, from its health answer. */
  readonly version: string

  /**
   * Resolves when opencode, or the guard above it, ended without `stop()` having been called: it answers nothing any more,
   * and the prompts that ran are interrupted. Never rejects.
   */
  readonly died: Promise<ProcessEnd>

  /** Resolves after `died`, when everything that it started is gone as well. Never rejects. */
  readonly exited: Promise<ProcessEnd>

  /** The models of all configured providers. */
  listModels(): Promise<OpencodeModel[]>

  /** An explicit title saves the model call that would invent one. Throws `OpencodeRequestError`. */
  createSession(options: { title: string }): Promise<{ id: string }>

  /** Whether opencode still has the session, this run's or an earlier one's. Throws `OpencodeRequestError`. */
  sessionExists(id: string): Promise<boolean>

  /** Runs one prompt to its end. Never rejects for what the model, the provider or opencode did. One at a time per session. */
  prompt(options: PromptOptions): Promise<PromptOutcome>

  /** Gives opencode the reply to what it asked. Does nothing if it does not ask any more. Never rejects. */
  reply(key: string, reply: PersonReply): Promise<void>

  /** Aborts whatever the session is doing; an idle or unknown session is fine. Never rejects. */
  abort(sessionId: string): Promise<void>

  /**
   * opencode and everything that it started and that still runs, at most a second old. Undefined where the platform does not
   * tell: only Linux does.
   */
  processes(): ProcessUsage | undefined

  /**
   * Disposes, terminates, and ends everything that carries the marker; all of it is gone when this resolves.
   * Idempotent: every caller gets the same promise. Never rejects. `deadlineMs` (default 8000) bounds it: what is left
   * then is killed without asking first.
   */
  stop(options?: { deadlineMs?: number | undefined }): Promise<void>
}

/** When a prompt is given up, in milliseconds. */
export interface PromptLimits {
  /** Without a word about it; default 300 000, see `SilenceBreaker`. */
  silenceMs?: number | undefined
  /** While its session is idle before the answer is whole, or busy after its end; default 15 000. */
  settleMs?: number | undefined
}

export interface StartOpencodeOptions {
  /** Path of the opencode binary (`OPENCODE_BIN`); default: the one of the npm package `opencode-ai`. */
  bin?: string | undefined
  /** The folder opencode works in. Must exist. */
  directory: string
  /** Unique per incarnation; build it with `createMarker(workerId)`. */
  marker: string
  /** opencode's whole environment; nothing is inherited besides it. */
  env: Record<string, string>
  /** Merged over opencode's own configuration files. */
  config?: Record<string, unknown> | undefined
  /** Milliseconds until a start counts as failed; default 45 000 (several at once on a small machine take 10 s). */
  startTimeoutMs?: number | undefined
  limits?: PromptLimits | undefined
  /** Aborts the start; it then rejects with the signal's reason and leaves no process. */
  signal?: AbortSignal | undefined
  logger: Logger
}
