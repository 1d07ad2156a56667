import { Fragment, memo } from 'react'
import { scrollsByKeyboard } from '../components/scrollsByKeyboard'
import { parseBlocks } from './parseBlocks'

/** Prose as it was written, code in blocks. Text stays text: nothing in it becomes markup. */
export const MessageText = memo(function MessageText({
  text,
  isGrowing = false,
}: {
  text: string
  isGrowing?: boolean
}) {
  const blocks = parseBlocks(text)
  return (
    <div className={`flex min-w-0 flex-col gap-3 ${isGrowing ? '*:last:writing' : ''}`}>
      {blocks.map((block, index) =>
        block.kind === 'code' ? (
          <figure key={index} aria-label={block.language === '' ? 'Code' : `Code, ${block.language}`}>
            <pre
              tabIndex={scrollsByKeyboard}
              className="overflow-x-auto rounded-md border border-line bg-inset px-3 py-2 text-small"
            >
              <code>{block.text}</code>
            </pre>
          </figure>
        ) : (
          <p key={index} className="wrap-anywhere whitespace-pre-wrap">
            <Prose text={block.text} />
          </p>
        ),
      )}
    </div>
  )
})

/** `code` within a line. */
function Prose({ text }: { text: string }) {
  return text
    .split(/(`[^`\n]+`)/)
    .map((part, index) => (
      <Fragment key={index}>
        {index % 2 === 1 ? (
          <code className="rounded-md bg-inset px-1 text-small">{part.slice(1, -1)}</code>
        ) : (
          part
        )}
      </Fragment>
    ))
}
