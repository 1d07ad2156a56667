import { SECOND } from '@rollcall/backend/contract'
import { clockWords, elapsedWords, pointWords, secondsClock } from './timeWords'

/** A worker that is not there so long after it was started again has not come; ms. */
const LONGEST_RESTART = 30 * SECOND

/** A moment in a sentence; its words change as time passes. `at` in ms since 1970. */
export interface Moment {
  /**
   * `point`: "20 s ago"; `since`: "since 14:02"; `elapsed`: "45 s"; `left`: "6 s left"; `until`: "until 14:02:31"; `clock`:
   * "14:02", "27 Nov 14:02"; `in`: "in 6 s", then "now"; `restart`: "; restarting in 4 s", then "; restarting", and nothing when
   * it should have come long ago.
   */
  kind: 'point' | 'since' | 'elapsed' | 'left' | 'until' | 'clock' | 'in' | 'restart'
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
    case 'clock':
      return clockWords(at, now)
    case 'in':
      return at > now ? `in ${elapsedWords(at - now)}` : 'now'
    case 'restart':
      if (at > now) return `; restarting in ${elapsedWords(at - now)}`
      return now - at < LONGEST_RESTART ? '; restarting' : ''
    default:
      return kind satisfies never
  }
}

/** The sentence as plain text at the time `now`. */
export function sentenceText(sentence: Sentence, now: number): string {
  return sentence.map((part) => (typeof part === 'string' ? part : momentWords(part, now))).join('')
}
