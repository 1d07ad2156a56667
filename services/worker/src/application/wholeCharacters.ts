/** `text` without a trailing half of a surrogate pair, whose other half is in the next piece. */
export function wholeCharacters(text: string): string {
  const last = text.charCodeAt(text.length - 1)
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text
}
