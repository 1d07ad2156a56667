/**
 * What a worker's process ends with, and `pnpm start` after it. They tell whoever started it whether it is worth starting
 * again: see docs/decisions/0021-exit-codes-are-last-words.md.
 */
export const exitCodes = {
  drained: 0,
  failed: 1,
  misconfigured: 2,
  superseded: 3,
  revoked: 4,
  forced: 130,
} as const

/** For people, what each of them means. */
export const exitCodeMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  drained: 'drained, as it was asked to',
  failed: 'an error, a crash, a drain that hung, or a goodbye that nobody heard',
  misconfigured: 'a mistake in the configuration, the token and the address too',
  superseded: 'superseded: another process took over with the same token',
  revoked: 'revoked: this worker is not let in any more',
  forced: 'forced: a second signal came during the drain',
}

/** The worker's own last word: the next start would end the same, or is not wanted. All else is a crash. */
export const lastWords: readonly number[] = Object.values(exitCodes).filter(
  (code) => code !== exitCodes.failed,
)
