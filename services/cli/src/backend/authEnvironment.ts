import { exportJWK, exportPKCS8, generateKeyPair } from 'jose'
import type { AdminApi } from './AdminApi'

/**
 * Gives the functions what Convex Auth needs, where it is not set yet: a key pair of this deployment's own and the page's
 * address, which follows the port. The private key goes over the loopback connection, never through a process list.
 */
export async function provideAuthEnvironment(api: AdminApi): Promise<void> {
  const known = await api.environment()
  const wanted: Record<string, string> = {}
  if (!known.has('JWT_PRIVATE_KEY') || !known.has('JWKS')) Object.assign(wanted, await newKeys())
  if (known.get('SITE_URL') !== api.url) wanted.SITE_URL = api.url
  if (Object.keys(wanted).length > 0) await api.setEnvironment(wanted)
}

/** In the form that Convex Auth reads: the key on one line, as an environment variable has to be. */
async function newKeys(): Promise<{ JWT_PRIVATE_KEY: string; JWKS: string }> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  return {
    JWT_PRIVATE_KEY: (await exportPKCS8(privateKey)).trimEnd().replaceAll('\n', ' '),
    JWKS: JSON.stringify({ keys: [{ use: 'sig', ...(await exportJWK(publicKey)) }] }),
  }
}
