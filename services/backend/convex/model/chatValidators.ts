/** Words and shapes of chats. Validators are the source of the words; `contract/words.ts` derives the types. */
import { literals } from 'convex-helpers/validators'
import { v } from 'convex/values'

export const sessionStatus = literals('active', 'suspended', 'ended')
/** Whether a message may wait for a worker that is away. */
export const when = literals('now', 'later')
export const messageRole = literals('user', 'assistant', 'system')
export const messageStatus = literals('queued', 'claimed', 'streaming', 'completed', 'failed', 'interrupted')

/** How far a chat is: what goes on in it, before what waits in it, before how its last answer ended. `asking`: for a person. */
export const progress = literals('asking', 'running', 'queued', 'completed', 'failed', 'interrupted')

export const model = v.object({ id: v.string(), name: v.string() })

/** What a worker did on the way to an answer besides its text. Long texts are cut: `isTruncated`. */
export const part = v.union(
  v.object({
    kind: v.literal('reasoning'),
    status: literals('running', 'completed'),
    text: v.string(),
    isTruncated: v.optional(v.literal(true)),
  }),
  v.object({
    kind: v.literal('tool'),
    /** opencode's name of it: `bash`, `edit` … */
    tool: v.string(),
    /** What it is about, in opencode's own words; empty while it says none. */
    title: v.string(),
    status: literals('pending', 'running', 'completed', 'failed'),
    /** The arguments as JSON. */
    input: v.string(),
    /** What came out, or why it failed. */
    output: v.string(),
    isTruncated: v.optional(v.literal(true)),
  }),
)

/** What opencode asks a person in the middle of an answer: whether it may do something, or what it shall do. */
export const request = v.union(
  v.object({
    kind: v.literal('permission'),
    /** opencode's name of what it wants to do: `bash`, `edit`, `external_directory` … */
    permission: v.string(),
    /** What it is about: commands, paths. */
    patterns: v.array(v.string()),
  }),
  v.object({
    kind: v.literal('question'),
    questions: v.array(
      v.object({
        header: v.string(),
        question: v.string(),
        options: v.array(v.object({ label: v.string(), description: v.string() })),
        mayChooseSeveral: v.boolean(),
      }),
    ),
  }),
)

/** `always`: also what opencode will ask of the same kind in this run. `answers`: for each question the labels or own words. */
export const reply = v.union(
  v.object({ kind: literals('once', 'always', 'reject') }),
  v.object({ kind: v.literal('answers'), answers: v.array(v.array(v.string())) }),
)

/** Of a request. `by`: who replied, or that nobody did in time. `settled`: opencode has it. */
export const requestState = v.union(
  v.object({ kind: v.literal('open') }),
  v.object({ kind: literals('replied', 'settled'), reply, by: v.string() }),
)

/** What an answer cost, over all its steps. `usd` as the provider's prices are known to opencode; 0 for unknown ones. */
export const usage = v.object({
  usd: v.number(),
  inputTokens: v.number(),
  outputTokens: v.number(),
  reasoningTokens: v.number(),
  cacheReadTokens: v.number(),
  cacheWriteTokens: v.number(),
})

/** opencode waits to ask the model again, until `at` (server time), because of `message`. */
export const modelRetry = v.object({ attempt: v.number(), message: v.string(), at: v.number() })
