import type { Infer } from 'convex/values'
import type * as validators from '../convex/model/alertValidators'
import { HOUR, MINUTE, SECOND } from './time'

export type AlertRule = Infer<typeof validators.alertRule>
export type AlertEvidence = Infer<typeof validators.alertEvidence>
export type AlertNews = Infer<typeof validators.alertNews>
export type WebhookShape = Infer<typeof validators.webhookShape>

/** How alerts come and go, besides the settings. Times in milliseconds. */
export const alerting = {
  /** From a transition to the judgement: what happens to many at once is one alert with all its numbers. */
  delayMs: 5 * SECOND,
  /** From one look to the next while an alert is open. */
  everyMs: MINUTE,
  /** What the numbers count. */
  windowMs: HOUR,
  /** Fewer ends in an hour are no share, and fewer workers no part of a fleet. */
  leastEnds: 20,
  leastLost: 3,
  /** For how long an alert can be muted. */
  muteMs: { least: MINUTE, most: 30 * 24 * HOUR },
} as const

/** How alerts are told to a receiver. Times in milliseconds. */
export const delivering = {
  /** A receiver that has not answered by then has not taken it. */
  timeoutMs: 10 * SECOND,
  /** From one attempt to the next; after the last one it is given up, about a day after the first. */
  backoffMs: [
    ...[10 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE],
    ...[HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR],
  ],
} as const
