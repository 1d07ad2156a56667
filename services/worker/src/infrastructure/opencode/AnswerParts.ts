import type { Part, ReasoningPart, ToolPart } from '@opencode-ai/sdk/v2'

type ToolStatus = 'pending' | 'running' | 'completed' | 'failed'

/** What is done on the way to an answer besides its text, as far as it has come. */
export type AnswerPart =
  | { kind: 'reasoning'; status: 'running' | 'completed'; text: string }
  | {
      kind: 'tool'
      /** opencode's name of it: `bash`, `edit` … */
      tool: string
      /** What it is about, in opencode's own words; empty while it says none. */
      title: string
      status: ToolStatus
      /** The arguments as JSON. */
      input: string
      /** What came out (so far), or why it failed. */
      output: string
    }

export interface PartUpdate {
  /** opencode's id of the part. */
  key: string
  /** UTF-16 code units of the answer's text that came before it. */
  at: number
  what: AnswerPart
}

const order = { pending: 0, running: 1, completed: 2, failed: 2 } as const satisfies Record<
  ToolStatus,
  number
>

/**
 * Puts reasoning and tool calls of one answer together from what is heard about its parts. Reasoning comes in deltas that
 * opencode stores only when the part is complete; a part as it is stored may also be older than what was heard since.
 */
export class AnswerParts {
  private readonly places = new Map<string, number>()
  private readonly known = new Map<string, AnswerPart>()
  /** Parts of which some deltas were not heard. */
  private readonly torn = new Set<string>()

  /** `textLength`: of the answer's text so far, in UTF-16 code units. */
  constructor(
    private readonly textLength: () => number,
    private readonly onPart: (update: PartUpdate) => void,
  ) {}

  get isToolRunning(): boolean {
    return [...this.known.values()].some(({ kind, status }) => kind === 'tool' && status === 'running')
  }

  hearDelta(partId: string, delta: string): void {
    const part = this.known.get(partId)
    if (part?.kind !== 'reasoning' || part.status === 'completed' || this.torn.has(partId)) return
    this.pass(partId, { ...part, text: part.text + delta })
  }

  /** A part as a whole, as far as it has come. */
  hearPart(part: Part): void {
    if (part.type !== 'reasoning' && part.type !== 'tool') return
    if (!this.places.has(part.id)) this.places.set(part.id, this.textLength())
    if (part.type === 'reasoning') this.pass(part.id, reasoningOf(part, this.known.get(part.id)))
    else this.hearTool(part)
  }

  /** A part as opencode has stored it: see `AnswerText.hearStoredPart`. */
  hearStoredPart(part: Part): void {
    if (!this.places.has(part.id)) this.torn.add(part.id)
    this.hearPart(part)
  }

  /** Events were lost: reasoning begun so far would have a hole, so it waits for the whole part. */
  hearGap(): void {
    for (const id of this.places.keys()) this.torn.add(id)
  }

  private hearTool(part: ToolPart): void {
    const before = this.known.get(part.id)
    const tool = toolOf(part)
    if (before?.kind !== 'tool') this.pass(part.id, tool)
    // A tool that failed says nothing any more of what it was about.
    else if (order[tool.status] >= order[before.status]) {
      this.pass(part.id, { ...tool, title: tool.title || before.title })
    }
  }

  /** Reasoning of which nothing can be read (some providers keep it to themselves) is not worth telling. */
  private pass(key: string, what: AnswerPart): void {
    this.known.set(key, what)
    if (what.kind === 'reasoning' && what.text.trim() === '') return
    this.onPart({ key, at: this.places.get(key) ?? 0, what })
  }
}

function reasoningOf({ text, time }: ReasoningPart, before: AnswerPart | undefined): AnswerPart {
  const isOver = time.end !== undefined || before?.status === 'completed'
  const heard = before?.kind === 'reasoning' ? before.text : ''
  return {
    kind: 'reasoning',
    status: isOver ? 'completed' : 'running',
    text: text.length > heard.length || time.end !== undefined ? text : heard,
  }
}

function toolOf({ tool, state }: ToolPart): Extract<AnswerPart, { kind: 'tool' }> {
  const common = { kind: 'tool', tool, input: JSON.stringify(state.input) } as const
  switch (state.status) {
    case 'pending':
      return { ...common, title: '', status: 'pending', output: '' }
    case 'running':
      return { ...common, title: state.title ?? '', status: 'running', output: outputIn(state.metadata) }
    case 'completed':
      return { ...common, title: state.title, status: 'completed', output: state.output }
    case 'error':
      return { ...common, title: '', status: 'failed', output: state.error }
    default:
      return state satisfies never
  }
}

/** What bash has printed so far is there while it runs. */
function outputIn(metadata: Record<string, unknown> | undefined): string {
  const output = metadata?.['output']
  return typeof output === 'string' ? output : ''
}
