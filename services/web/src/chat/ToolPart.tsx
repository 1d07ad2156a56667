import type { ToolCall } from './AnswerPart'
import { CutNote } from './CutNote'
import { indentJson } from './indentJson'
import { PartFold } from './PartFold'
import { PartText } from './PartText'
import type { State } from './useShownState'

const states: Record<ToolCall['status'], State> = {
  pending: { shape: '○', tone: 'grey', word: 'waiting', isOpen: true },
  running: { shape: '◐', tone: 'blue', word: 'running', isOpen: true },
  completed: { shape: '●', tone: 'grey', word: 'done', isOpen: false },
  failed: { shape: '✕', tone: 'red', word: 'failed', isOpen: false },
}

/** A tool that was used: which and about what in its line, what went in and what came out inside. */
export function ToolPart({ call }: { call: ToolCall }) {
  const { tool, title, status, output, isTruncated } = call
  const state = states[status]
  const input = indentJson(call.input)
  return (
    <PartFold
      state={state}
      isRunning={status === 'running'}
      line={
        <>
          <code className="shrink-0 text-ink">{tool}</code>
          <span className="min-w-0 truncate" title={title}>
            {title}
          </span>
        </>
      }
    >
      {input !== '' && <PartText label="Input" text={input} look="monospace" isGrowing={false} />}
      {output === '' ? (
        <p className="text-muted">{state.isOpen ? 'No output yet.' : 'No output.'}</p>
      ) : (
        <PartText
          label={status === 'failed' ? 'Why it failed' : 'Output'}
          text={output}
          look="monospace"
          isGrowing={state.isOpen}
        />
      )}
      {isTruncated && <CutNote />}
    </PartFold>
  )
}
