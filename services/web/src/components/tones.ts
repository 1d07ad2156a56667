import type { Tone } from '../presence/marks'

/** Colours of the states' shapes; the class names are written out, so that Tailwind finds them. */
export const shapeTone: Record<Tone, string> = {
  green: 'text-green',
  blue: 'text-blue',
  amber: 'text-amber',
  red: 'text-red',
  grey: 'text-muted',
}

/** Colours of the words: only trouble is loud, so that a healthy fleet is almost monochrome. */
export const wordTone: Record<Tone, string> = {
  green: 'text-muted',
  blue: 'text-muted',
  amber: 'text-amber',
  red: 'text-red',
  grey: 'text-muted',
}
