import { generateKeyPairSync } from 'node:crypto'

/** `JWT_PRIVATE_KEY` and `JWKS` as Convex Auth wants them: the key's PEM in one line, the public half as a key set. */
export function signingKeys(): { JWT_PRIVATE_KEY: string; JWKS: string } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  return {
    JWT_PRIVATE_KEY: pem.trimEnd().replace(/\n/g, ' '),
    JWKS: JSON.stringify({ keys: [{ use: 'sig', alg: 'RS256', ...publicKey.export({ format: 'jwk' }) }] }),
  }
}
