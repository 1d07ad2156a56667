import type { AnswerPart } from './AnswerPart'
import { interleave } from './interleave'
import { MessageText } from './MessageText'
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
          <MessageText
            key={piece.from}
            text={piece.text}
            isGrowing={isWriting && index === pieces.length - 1}
          />
        ),
      )}
    </div>
  )
}
