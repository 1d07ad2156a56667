import { memo, useState } from 'react'
import { Blocks } from './Blocks'
import { lexMarkdown } from './lexMarkdown'
import { settleEnd } from './settleEnd'
import { shownBlocks, splitBlocks } from './splitBlocks'

interface Props {
  text: string
  /** Whether it is still being written. */
  isGrowing: boolean
}

/**
 * What a model writes, as the markdown it is. Nothing in it becomes markup or is loaded: each element is one of ours. While
 * it grows only its last block is read and drawn again.
 */
export const Markdown = memo(function Markdown({ text, isGrowing }: Props) {
  const [split, setSplit] = useState(() => splitBlocks(unixLines(text)))
  const lines = unixLines(text)
  if (split.text !== lines) setSplit(splitBlocks(lines, split))
  const blocks = shownBlocks(split)
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {blocks.map(({ from, markdown }, index) => (
        <MarkdownBlock key={from} markdown={markdown} isEnd={isGrowing && index === blocks.length - 1} />
      ))}
    </div>
  )
})

const MarkdownBlock = memo(function MarkdownBlock({ markdown, isEnd }: { markdown: string; isEnd: boolean }) {
  return <Blocks tokens={lexMarkdown(isEnd ? settleEnd(markdown) : markdown)} isEnd={isEnd} />
})

function unixLines(text: string): string {
  return text.replaceAll('\r\n', '\n')
}
