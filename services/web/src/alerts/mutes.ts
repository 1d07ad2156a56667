import { DAY, HOUR } from '@rollcall/backend/contract'
import type { OpenAlert } from './AlertView'

/** For how long an alert can be muted here: ms, in words. */
export const muteTerms = [
  [HOUR, 'for 1 hour'],
  [8 * HOUR, 'for 8 hours'],
  [DAY, 'for 1 day'],
  [7 * DAY, 'for 7 days'],
] as const

/** Whether nobody is told of the alert at the time `now`. */
export function isMutedAt({ mute }: Pick<OpenAlert, 'mute'>, now: number): boolean {
  return mute !== undefined && mute.until > now
}

/** The alerts to be told of at the time `now`. */
export function unmutedAt(alerts: readonly OpenAlert[], now: number): OpenAlert[] {
  return alerts.filter((alert) => !isMutedAt(alert, now))
}
