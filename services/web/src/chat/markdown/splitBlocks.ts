import type { MarkedToken } from 'marked'
import { lexBlocks } from './lexMarkdown'

/** A stretch of a text that is markdown by itself. */
export interface Block {
  /** Where it begins, in UTF-16 units. */
  from: number
  markdown: string
}

export interface Split {
  text: string
  /** What no further text can change. */
  settled: readonly Block[]
  /** Where what is not settled begins. */
  tailFrom: number
  /** The settled definitions of links, which hold in every block. */
  definitions: string
}

/** UTF-16 units of a list above which its finished items are settled, too, so that it is not read again for each word. */
const LONG_LIST = 8000

const nothing: Split = { text: '', settled: [], tailFrom: 0, definitions: '' }

/**
 * Splits a text that grows: what was settled in `previous` is not looked at again. Whole lines after a block has ended cannot
 * change it any more, so that all blocks but the last one are settled; a line that is still being written may change anything
 * before it that is not.
 */
export function splitBlocks(text: string, previous: Split = nothing): Split {
  const { tailFrom, settled, definitions } = text.startsWith(previous.text) ? previous : nothing
  const tail = text.slice(tailFrom)
  const lines = tail.slice(0, tail.lastIndexOf('\n') + 1)
  const blocks = lines === '' ? [] : lexBlocks(lines)
  const added: Block[] = []
  const defined: string[] = []
  let from = tailFrom
  const settle = (markdown: string) => {
    added.push({ from, markdown: markdown.trimEnd() })
    from += markdown.length
  }
  for (const block of blocks.slice(0, lastOf(blocks))) {
    if (block.type === 'space' || block.type === 'def') from += block.raw.length
    else settle(block.raw)
    if (block.type === 'def') defined.push(block.raw.trim())
  }
  const finished = finishedItems(blocks[lastOf(blocks)])
  if (finished !== '') settle(finished)
  return {
    text,
    settled: added.length === 0 ? settled : [...settled, ...added],
    tailFrom: from,
    definitions: [definitions, ...defined].filter(Boolean).join('\n'),
  }
}

/** The blocks to show, the last of them being what may still change. Each has the definitions that it may need before it. */
export function shownBlocks({ text, settled, tailFrom, definitions }: Split): Block[] {
  const tail = text.slice(tailFrom)
  const blocks = tail.trim() === '' ? settled : [...settled, { from: tailFrom, markdown: tail.trimEnd() }]
  const defined = [definitions, ...definitionsIn(tail)].filter(Boolean).join('\n')
  if (defined === '') return [...blocks]
  return blocks.map(({ from, markdown }) => {
    const mayNeed = markdown.includes('[')
    return { from, markdown: mayNeed ? `${defined}\n\n${markdown}` : markdown }
  })
}

function definitionsIn(text: string): string[] {
  if (!text.includes(']:')) return []
  return lexBlocks(text).flatMap(({ type, raw }) => (type === 'def' ? [raw.trim()] : []))
}

/** Where the last block is that is more than blank lines. */
function lastOf(blocks: readonly MarkedToken[]): number {
  return Math.max(
    0,
    blocks.findLastIndex(({ type }) => type !== 'space'),
  )
}

/** All items of a long list but the last one, which may still grow. */
function finishedItems(block: MarkedToken | undefined): string {
  if (block?.type !== 'list' || block.raw.length <= LONG_LIST) return ''
  return block.raw.slice(0, block.raw.lastIndexOf(block.items.at(-1)?.raw ?? block.raw))
}
