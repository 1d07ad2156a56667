import type { AnswerPart } from './AnswerPart'
import { ReasoningPart } from './ReasoningPart'
import { ToolPart } from './ToolPart'

/** What was done between two stretches of an answer's text. */
export function PartList({ parts }: { parts: AnswerPart[] }) {
  return (
    <ul aria-label="Steps" className="flex flex-col">
      {parts.map(({ id, what }) => (
        <li key={id}>
          {what.kind === 'tool' ? <ToolPart call={what} /> : <ReasoningPart reasoning={what} />}
        </li>
      ))}
    </ul>
  )
}
