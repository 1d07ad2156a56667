/** `pnpm test` asks of what differs most, so that it stays short; `pnpm test:all` of everything. */
export const isEverythingAsked = process.env['ROLLCALL_TESTS'] === 'all'
