/** Vitest's module glob, as far as the suites use it. */
interface ImportMeta {
  glob(pattern: string | string[]): Record<string, () => Promise<unknown>>
}
