/** Durations are milliseconds, written as multiples of these. */
export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HALF_HOUR = 30 * MINUTE
export const HOUR = 60 * MINUTE
export const DAY = 24 * 60 * MINUTE
