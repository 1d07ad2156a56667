export type Shape = '●' | '◐' | '◔' | '◍' | '○' | '✕' | '◌' | '⊘' | '◇' | '≈' | '▲' | '△'

/** Colours by what they mean; red and amber are trouble, the others are quiet. */
export type Tone = 'green' | 'blue' | 'amber' | 'red' | 'grey'

export interface Mark {
  shape: Shape
  tone: Tone
}

/** Every status word of the page with its shape and colour, in the order of the header's summary. */
export const marks = {
  ready: { shape: '●', tone: 'green' },
  busy: { shape: '◐', tone: 'blue' },
  starting: { shape: '◐', tone: 'grey' },
  draining: { shape: '◔', tone: 'amber' },
  unstable: { shape: '≈', tone: 'amber' },
  waiting: { shape: '◇', tone: 'amber' },
  hung: { shape: '◍', tone: 'red' },
  crashed: { shape: '✕', tone: 'red' },
  lost: { shape: '◌', tone: 'red' },
  offline: { shape: '○', tone: 'grey' },
  replaced: { shape: '⊘', tone: 'grey' },
  revoked: { shape: '⊘', tone: 'grey' },
} as const satisfies Record<string, Mark>

export type StatusWord = keyof typeof marks

export const statusWords = Object.keys(marks) as StatusWord[]

/** Words that claim that the worker is there. */
const onlineWords: ReadonlySet<StatusWord> = new Set([
  'ready',
  'busy',
  'starting',
  'unstable',
  'draining',
  'hung',
])

/** What the page has to admit about a status that it shows. */
export type Doubt = 'none' | 'unconfirmed' | 'last known'

/**
 * The doubt about a status: a page that is disconnected knows nothing any more; a sweep that is late would not have noticed
 * that an online worker is gone.
 */
export function doubtAbout(word: StatusWord, page: { isLastKnown: boolean; isSweepLate: boolean }): Doubt {
  if (page.isLastKnown) return 'last known'
  return page.isSweepLate && onlineWords.has(word) ? 'unconfirmed' : 'none'
}

/** The colour of a status under a doubt. */
export function doubtedTone(tone: Tone, doubt: Doubt): Tone {
  switch (doubt) {
    case 'none':
      return tone
    case 'unconfirmed':
      return 'amber'
    case 'last known':
      return 'grey'
    default:
      return doubt satisfies never
  }
}
