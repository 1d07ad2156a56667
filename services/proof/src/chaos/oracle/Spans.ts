/** A stretch of time, in milliseconds of the one clock of a round; `to` is absent while it goes on. */
export interface Span {
  from: number
  to?: number
}

/** For ever: what has not ended, and what never comes. */
export const NEVER = Infinity

export function endOf({ to }: Span): number {
  return to ?? NEVER
}

/** Whether any of the spans has a moment in common with [from, to]. */
export function touches(spans: readonly Span[], from: number, to: number): boolean {
  return spans.some((span) => span.from <= to && endOf(span) >= from)
}

/** The first moment from `from` on after which `lengthMs` pass without any of the spans; `NEVER` if there is none yet. */
export function firstCalm(spans: readonly Span[], from: number, lengthMs: number): number {
  let at = from
  for (;;) {
    const inTheWay = spans.filter((span) => span.from <= at + lengthMs && endOf(span) >= at)
    if (inTheWay.length === 0) return at
    const next = Math.max(...inTheWay.map(endOf))
    if (next === NEVER) return NEVER
    at = next + 1
  }
}

/** What is left of [from, to] outside of all spans, in order. */
export function calmIn(spans: readonly Span[], from: number, to: number): { from: number; to: number }[] {
  const left: { from: number; to: number }[] = []
  let at = from
  for (const span of [...spans].sort((one, other) => one.from - other.from)) {
    if (span.from > at) left.push({ from: at, to: Math.min(span.from, to) })
    at = Math.max(at, endOf(span))
    if (at >= to) return left
  }
  if (at < to) left.push({ from: at, to })
  return left.filter((piece) => piece.to > piece.from)
}
