/**
 * Whether a request may come from where it says: from no page at all, or from the page that this server gave out itself. A
 * browser names the page's origin with every WebSocket and every call of another origin, and no page can change that.
 */
export function isOwnOrigin(origin: string | undefined, hostHeader: string | undefined): boolean {
  if (origin === undefined) return true
  return URL.canParse(origin) && new URL(origin).host === hostHeader
}
