const safe = new Set(['http:', 'https:', 'mailto:'])

/** The address of a link that may be followed: absolute, to the web or to a mailbox. Undefined for all others. */
export function safeAddress(href: string): string | undefined {
  if (!URL.canParse(href)) return undefined
  const { protocol, href: address } = new URL(href)
  return safe.has(protocol) ? address : undefined
}
