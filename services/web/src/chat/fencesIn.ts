/** A block of code in a text, with its fences: UTF-16 units, the first one and the one behind the last. */
export interface Fence {
  from: number
  to: number
}

/** A line that begins with a fence, be it in a quote or a list. */
const fenceLine = /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})([^\n]*)$/gm

/** The fenced blocks of code in a text, in order. One that is still open goes to the end, and beyond. */
export function fencesIn(text: string): Fence[] {
  const fences: Fence[] = []
  let open: { from: number; ticks: string } | undefined
  for (const { 0: line, 1: ticks = '', 2: rest = '', index } of text.matchAll(fenceLine)) {
    if (open === undefined) {
      // Backticks behind backticks are code within a line.
      if (!(ticks.startsWith('`') && rest.includes('`'))) open = { from: index, ticks }
    } else if (ticks.startsWith(open.ticks) && rest.trim() === '') {
      fences.push({ from: open.from, to: index + line.length })
      open = undefined
    }
  }
  if (open) fences.push({ from: open.from, to: Infinity })
  return fences
}
