import { clockWords, elapsedWords, pointWords, secondsClock } from './timeWords'

/** A moment in a sentence; its words change as time passes. `at` in ms since 1970. */
export interface Moment {
  /** `point`: "20 s ago"; `since`: "since 14:02"; `elapsed`: "45 s"; `left`: "6 s left"; `until`: "until 14:02:31"; `in`: "in 6 s", then "now". */
  kind: 'point' | 'since' | 'elapsed' | 'left' | 'until' | 'in'
  at: number
}

/** What the page says about a status: words and moments in reading order. */
export type Sentence = readonly (string | Moment)[]

export function momentWords({ kind, at }: Moment, now: number): string {
  switch (kind) {
    case 'point':
      return pointWords(at, now)
    case 'since':
      return `since ${clockWords(at, now)}`
    case 'elapsed':
      return elapsedWords(now - at)
    case 'left':
      return at > now ? `${elapsedWords(at - now)} left` : `${elapsedWords(now - at)} over its time`
    case 'until':
      return `until ${secondsClock(at)}`
    case 'in':
      return at > now ? `in ${elapsedWords(at - now)}` : 'now'
    default:
      return kind satisfies never
  }
}

/** The sentence as plain text at the time `now`. */
export function sentenceText(sentence: Sentence, now: number): string {
  return sentence.map((part) => (typeof part === 'string' ? part : momentWords(part, now))).join('')
}
