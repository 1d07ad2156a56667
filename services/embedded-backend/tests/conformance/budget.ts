/** `ROLLCALL_CONFORMANCE=large` asks for the many rounds of `pnpm test:conformance`. */
export const isLarge = process.env.ROLLCALL_CONFORMANCE === 'large'

/** How many rounds a suite runs; `ROLLCALL_ROUNDS` overrides both. */
export function rounds(budget: { small: number; large: number }): number {
  return Number(process.env.ROLLCALL_ROUNDS ?? (isLarge ? budget.large : budget.small))
}

/** `ROLLCALL_SEED` repeats a run that failed; otherwise each run has a seed of its own. */
export function givenSeed(): number {
  return Number(process.env.ROLLCALL_SEED ?? Math.floor(Math.random() * 2 ** 31))
}

/** Adds to a failure how to see it again. */
export async function withSeed<T>(seed: number, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`ROLLCALL_SEED=${seed} repeats this: ${message}`, { cause })
  }
}
