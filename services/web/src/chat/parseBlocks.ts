export type Block = { kind: 'prose'; text: string } | { kind: 'code'; language: string; text: string }

const fence = /^ {0,3}(`{3,})\s*([^`\s]*)[^`]*$/

/**
 * Splits an answer into prose and fenced code. A fence that is still open at the end is code that is being written. Nothing is
 * lost: whatever is not a fence is shown as it is.
 */
export function parseBlocks(source: string): Block[] {
  const blocks: Block[] = []
  let lines: string[] = []
  let open: { ticks: number; language: string } | undefined
  const flush = () => {
    const text = open ? lines.join('\n') : lines.join('\n').replace(/^\n+|\n+$/g, '')
    if (open) blocks.push({ kind: 'code', language: open.language, text })
    else if (text !== '') blocks.push({ kind: 'prose', text })
    lines = []
  }
  for (const line of source.split('\n')) {
    const [, ticks = '', language = ''] = fence.exec(line) ?? []
    const isFence = ticks !== ''
    if (open === undefined && isFence) {
      flush()
      open = { ticks: ticks.length, language }
    } else if (open !== undefined && isFence && language === '' && ticks.length >= open.ticks) {
      flush()
      open = undefined
    } else {
      lines.push(line)
    }
  }
  flush()
  return blocks
}
