/** Cells as they are shown; the first row names the columns. */
export interface Table {
  title: string
  rows: readonly (readonly string[])[]
}

/** For a terminal, columns aligned. */
export function toText({ title, rows }: Table): string {
  const plain = rows.map((row) => row.map((cell) => cell.replaceAll('`', '')))
  const widths = (plain[0] ?? []).map((_, column) =>
    Math.max(...plain.map((row) => row[column]?.length ?? 0)),
  )
  const lines = plain.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return [title, ...lines].join('\n')
}

/** For a document, below a heading. */
export function toMarkdown({ rows }: Table): string {
  const [head = [], ...body] = rows
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n')
}
