import type { Reasoning } from './AnswerPart'
import { CutNote } from './CutNote'
import { PartFold } from './PartFold'
import { PartText } from './PartText'
import type { State } from './useShownState'

const states: Record<Reasoning['status'], State> = {
  running: { shape: '◐', tone: 'blue', word: 'Thinking', isOpen: true },
  completed: { shape: '●', tone: 'grey', word: 'Thought', isOpen: false },
}

/** What the model told itself. Some models do not show it. */
export function ReasoningPart({ reasoning: { status, text, isTruncated } }: { reasoning: Reasoning }) {
  const state = states[status]
  return (
    <PartFold state={state} isRunning={state.isOpen}>
      {text === '' ? (
        <p className="text-muted">{state.isOpen ? 'Nothing to read yet.' : 'The model shows none of it.'}</p>
      ) : (
        <PartText label="Reasoning" text={text} look="prose" isGrowing={state.isOpen} />
      )}
      {isTruncated && <CutNote />}
    </PartFold>
  )
}
