import type { AnswerPart } from './AnswerPart'
import { interleave, type Piece } from './interleave'
import { Markdown } from './markdown/Markdown'
import { PartList } from './PartList'

interface Props {
  text: string
  parts: AnswerPart[]
  isWriting: boolean
}

/** An answer's text, and what was done on the way to it where it was done. */
export function AnswerBody({ text, parts, isWriting }: Props) {
  const pieces = interleave(text, parts)
  if (pieces.length === 0) return null
  return (
    <div className="flex min-w-0 flex-col gap-2">
      {pieces.map((piece, index) =>
        piece.kind === 'parts' ? (
          <PartList key={piece.parts[0]?.id} parts={piece.parts} />
        ) : (
          <Markdown
            key={piece.from}
            text={piece.text}
            isGrowing={isWriting && isEndOf(text, pieces.slice(index + 1))}
          />
        ),
      )}
    </div>
  )
}

/** Whether the text ends before `rest`: behind a block of code stands what came in the middle of it. */
function isEndOf(text: string, rest: Piece<AnswerPart>[]): boolean {
  return rest.every((piece) => piece.kind === 'parts' && piece.parts.every(({ at }) => at < text.length))
}
