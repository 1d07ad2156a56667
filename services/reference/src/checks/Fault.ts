/** Where a document is not true, and what about it. */
export interface Fault {
  path: string
  /** Of the file; undefined if it is the whole file. */
  line?: number
  problem: string
}

/** As editors and terminals make a link of it: `docs/service.md:12: …`. */
export function describeFault({ path, line, problem }: Fault): string {
  return `${path}${line === undefined ? '' : `:${line}`}: ${problem}`
}
