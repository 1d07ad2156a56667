/** JSON with each value on a line of its own; what is none (it was cut) as it is, and nothing for no arguments at all. */
export function indentJson(source: string): string {
  try {
    const value: unknown = JSON.parse(source)
    const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0
    return isEmpty ? '' : JSON.stringify(value, null, 2)
  } catch {
    return source
  }
}
