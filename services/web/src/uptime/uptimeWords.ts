import { durationWords } from '../presence/timeWords'
import { sumOf, type Spent, type Step } from './stepsOf'

/**
 * The share of the time in which the worker should have been there that it was: what was stopped on purpose counts neither
 * way. Rounded down, `100 %` only if nothing was missed; `–` if nothing is known.
 */
export function uptimePercent({ online, crashed, lost }: Spent): string {
  const wanted = online + crashed + lost
  if (wanted === 0) return '–'
  if (online === wanted) return '100\u00a0%'
  return `${(Math.floor((online / wanted) * 1000) / 10).toFixed(1)}\u00a0%`
}

/** What went wrong, and for how long: `crashed for 12 min, lost for 3 min`; empty if nothing did. */
export function troubleWords({ crashed, lost }: Spent): string {
  return [
    ...(crashed > 0 ? [`crashed for ${durationWords(crashed)}`] : []),
    ...(lost > 0 ? [`lost for ${durationWords(lost)}`] : []),
  ].join(', ')
}

/** A strip in words: `Last 24 hours: 98.1 % up, crashed for 12 min, stopped for 2 h`. */
export function stripWords(period: string, steps: readonly Step[]): string {
  const spent = sumOf(steps)
  const percent = uptimePercent(spent)
  const trouble = troubleWords(spent)
  const unknown = steps.reduce((sum, step) => sum + step.unknown, 0)
  const facts = [
    ...(percent === '–' ? [] : [`${percent} up`]),
    ...(trouble === '' ? [] : [trouble]),
    ...(spent.stopped > 0 ? [`stopped for ${durationWords(spent.stopped)}`] : []),
    ...(unknown > 0 ? [`nothing known of ${durationWords(unknown)}`] : []),
  ]
  return `Last ${period}: ${facts.join(', ')}`
}
