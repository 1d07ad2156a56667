/** What the code can answer or end with, by the word that people see, as a table of docs/troubleshooting.md lists it. */
export type Listed = ReadonlyMap<string, ListedWord>

interface ListedWord {
  /** Where the code has it first. */
  path: string
  /** What stands beside it in the table's second column; undefined if the code does not tell. */
  beside?: string | undefined
}

/** A word that was found, with what it came with, if that was told. */
export interface Found {
  word: string
  path: string
  beside?: number | undefined
}

/** Each word once, with all that it came with. */
export function listOf(found: readonly Found[]): Listed {
  const words = [...new Set(found.map(({ word }) => word))]
  return new Map(
    words.map((word) => {
      const all = found.filter((one) => one.word === word)
      const beside = [...new Set(all.flatMap((one) => one.beside ?? []))].sort((a, b) => a - b)
      return [word, { path: all[0]?.path ?? '', beside: beside.length > 0 ? beside.join(', ') : undefined }]
    }),
  )
}
