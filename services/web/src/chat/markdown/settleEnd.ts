import remend from 'remend'
import { lexBlocks } from './lexMarkdown'

/** A line that may yet become anything: a fence, a list, something to do, the line below a heading, emphasis. */
const undecidedLine =
  /^[ \t>]*(?:(?:`{3,}|~{3,})[^`]*|[-*+_=~`#|:][-*+_=~`#|: \t]*|\d{1,9}[.)]?[ \t]*|(?:[-*+]|\d{1,9}[.)]) +\[[ x]?\]? *)$/i

/** What may begin emphasis, code, a link, an image or a character's name. */
const undecidedEnd = /(?:(^|[\s(>|])(?:[*_~`]+|!?\[|!)|&#?\w{0,31})$/

/** What is a link or an image if its address follows. */
const undecidedLink = /\[[^[\]\n]{1,300}\]$/

/** UTF-16 units of a line; a longer one is taken as it is. */
const LONGEST_LINE = 500

/** The head of a table, which is one only with the line below it. */
const undecidedTable = /(?:^|\n) {0,3}\|[^\n]*(?:\n[ |:-]*)?$/

/** UTF-16 units; in a longer block no pairs are looked for. */
const LONGEST_BLOCK = 20_000

const pairs = {
  ...{ bold: true, italic: true, boldItalic: true, inlineCode: true, strikethrough: true },
  ...{ links: true, images: true, linkMode: 'text-only' as const },
  // These would look otherwise once the block has ended.
  ...{ htmlTags: false, setextHeadings: false, comparisonOperators: false, singleTilde: false },
  ...{ katex: false, inlineKatex: false },
}

/**
 * A text that is being written, without what would change its looks with the next character: a last line that is not decided
 * waits, emphasis that is open is closed.
 */
export function settleEnd(markdown: string): string {
  const decided = withoutUndecidedLine(markdown)
  const last = lexBlocks(decided).findLast(({ type }) => type !== 'space')
  if (last?.type === 'code' || decided.length > LONGEST_BLOCK) return decided
  const lines = last?.type === 'table' ? decided : decided.replace(undecidedTable, '')
  const begun = lines.replace(undecidedEnd, '$1')
  return remend(undecidedLink.test(begun) ? `${begun}(` : begun, pairs)
}

function withoutUndecidedLine(markdown: string): string {
  const before = markdown.lastIndexOf('\n')
  const line = markdown.slice(before + 1)
  const isUndecided = line.length <= LONGEST_LINE && undecidedLine.test(line)
  return isUndecided ? markdown.slice(0, Math.max(0, before)) : markdown
}
