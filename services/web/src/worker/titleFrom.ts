import { limits } from '@rollcall/backend/contract'

/** A chat's title: the beginning of its first message, in one line, cut between words where there is one. */
export function titleFrom(text: string): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim()
  const longest = limits.nameLength - 1
  if (line.length <= longest) return line
  const cut = line.slice(0, longest)
  const space = cut.lastIndexOf(' ')
  return `${(space > longest / 2 ? cut.slice(0, space) : cut).replace(/[\uD800-\uDBFF]$/, '')}…`
}
