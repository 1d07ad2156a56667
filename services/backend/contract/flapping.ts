import { HOUR } from './time'

/** A worker that crashes or is lost too often (a setting: `unstableFailures`) within this time is unstable. */
export const flapping = {
  withinMs: HOUR,
  /** So many of its failures are remembered, so that a worker in a fast loop has a small document. */
  remembered: 100,
} as const
