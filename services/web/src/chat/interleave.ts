import { fencesIn } from './fencesIn'

/** A stretch of an answer's text, beginning at its UTF-16 unit `from`, or the parts that came between two of them. */
export type Piece<Part> = { kind: 'text'; from: number; text: string } | { kind: 'parts'; parts: Part[] }

/**
 * Puts the parts of an answer into its text, each where it came: `at` counts the UTF-16 units before it. `parts` are in
 * order; those with nothing but blanks between them are together, one beyond the end stands at the end. No character is cut
 * in half, and no block of code: what came in the middle of it stands behind it.
 */
export function interleave<Part extends { at: number }>(text: string, parts: readonly Part[]): Piece<Part>[] {
  const pieces: Piece<Part>[] = []
  const fences = parts.some(({ at }) => at > 0 && at < text.length) ? fencesIn(text) : []
  let from = 0
  const addText = (to: number) => {
    const stretch = text.slice(from, to)
    if (stretch.trim() !== '') pieces.push({ kind: 'text', from, text: stretch })
    from = Math.max(from, to)
  }
  for (const part of parts) {
    const fence = fences.find(({ from, to }) => from < part.at && part.at < to)
    addText(fence?.to ?? characterEnd(text, part.at))
    const last = pieces.at(-1)
    if (last?.kind === 'parts') last.parts.push(part)
    else pieces.push({ kind: 'parts', parts: [part] })
  }
  addText(text.length)
  return pieces
}

/** `at`, or the end of the character that it would cut in half. */
function characterEnd(text: string, at: number): number {
  const isHalfway = /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(Math.max(0, at - 1), at + 1))
  return isHalfway ? at + 1 : at
}
