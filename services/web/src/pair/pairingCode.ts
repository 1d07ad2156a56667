const NAME = 'code'

/** The code in the hash of the address that a worker prints. */
export function codeIn(hash: string): string | undefined {
  return new URLSearchParams(hash.slice(1)).get(NAME) ?? undefined
}

/** `BCDF-GHJK`: as the worker shows it, from what somebody typed. */
export function formatCode(typed: string): string {
  const letters = typed.toUpperCase().replace(/[^A-Z]/g, '')
  return letters.length > 4 ? `${letters.slice(0, 4)}-${letters.slice(4)}` : letters
}
