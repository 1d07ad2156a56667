/**
 * `pnpm test` asks of the faults that differ most, so that it stays short; `pnpm test:all` asks of every one.
 */
export const isEverythingAsked = process.env['ROLLCALL_TESTS'] === 'all'
