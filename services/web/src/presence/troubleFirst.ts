import type { Tone } from './marks'

/** Only trouble moves a row: what is healthy or was stopped on purpose keeps its place by name. */
const troubles: Record<Tone, number> = { red: 0, amber: 1, green: 2, blue: 2, grey: 2 }

const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** The lower, the sooner it has to be seen. */
export function troubleOf(tone: Tone): number {
  return troubles[tone]
}

/** `worker 9` comes before `worker 10`. */
export function compareNames(a: string, b: string): number {
  return names.compare(a, b)
}
