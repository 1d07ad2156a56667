import type { AlertRule } from '@rollcall/backend/contract'
import type { Mark, Tone } from '../presence/marks'

/** Red: somebody is gone, or goes again and again. Amber: to be looked into. */
const tones: Record<AlertRule, Tone> = {
  flapping: 'amber',
  crashes: 'red',
  timeouts: 'amber',
  graceful: 'amber',
  lost: 'red',
}

/** Shape and colour of an alert: of one that is open, loud; of a muted one, quiet. */
export function alertMark(rule: AlertRule, isMuted: boolean): Mark {
  return isMuted ? { shape: '△', tone: 'grey' } : { shape: '▲', tone: tones[rule] }
}
