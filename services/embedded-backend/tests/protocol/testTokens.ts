import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose'

export interface TestIssuer {
  /** The public keys as an issuer publishes them. */
  jwks: string
  /** Claims beside those of the options; `expiresIn` in seconds. */
  sign(options: { issuer: string; audience: string; expiresIn?: number }, claims?: object): Promise<string>
}

export async function testIssuer(algorithm: 'ES256' | 'RS256' = 'ES256', kid = 'key-1'): Promise<TestIssuer> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' }
  return {
    jwks: JSON.stringify({ keys: [jwk] }),
    sign: (options, claims) => sign(privateKey, algorithm, kid, options, claims),
  }
}

function sign(
  key: CryptoKey,
  alg: string,
  kid: string,
  options: { issuer: string; audience: string; expiresIn?: number },
  claims: object = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  return new SignJWT({ sub: 'user-1', ...claims })
    .setProtectedHeader({ alg, kid })
    .setIssuer(options.issuer)
    .setAudience(options.audience)
    .setIssuedAt(now)
    .setExpirationTime(now + (options.expiresIn ?? 3600))
    .sign(key)
}

export function asDataAddress(jwks: string): string {
  return `data:application/json;base64,${Buffer.from(jwks).toString('base64')}`
}
