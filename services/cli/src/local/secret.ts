import { createHash, randomBytes } from 'node:crypto'

const SECRET_BYTES = 32

/** 256 bits, as base64url. */
export function randomSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url')
}

/** SHA-256, hex: all that a backend is told of a secret. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}
