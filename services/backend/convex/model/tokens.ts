/** SHA-256 of `text`, as 64 hex digits. */
export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Whether two digests are equal, in a time that does not depend on where they differ. */
export function sameDigest(a: string, b: string): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i)
  return difference === 0
}

/** 256 random bits as base64url. Only in actions: randomness in a mutation is seeded, not secret. */
export function makeSecret(): string {
  return randomBase64().replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** 256 random bits as Standard Webhooks writes what messages are signed with. Only in actions. */
export function makeWebhookSecret(): string {
  return `whsec_${randomBase64()}`
}

function randomBase64(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))
}
