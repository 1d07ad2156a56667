import { exportJWK, exportPKCS8, generateKeyPair } from 'jose'
import { afterAll, beforeAll, vi } from 'vitest'

/** What Convex Auth reads of a deployment's environment, for a file's tests. */
export function useAuthKeys(): void {
  beforeAll(async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
    vi.stubEnv('JWT_PRIVATE_KEY', (await exportPKCS8(privateKey)).trimEnd().replaceAll('\n', ' '))
    vi.stubEnv('JWKS', JSON.stringify({ keys: [{ use: 'sig', ...(await exportJWK(publicKey)) }] }))
    vi.stubEnv('SITE_URL', 'http://127.0.0.1:3210')
    vi.stubEnv('CONVEX_SITE_URL', 'http://127.0.0.1:3210/http')
    // Convex Auth logs every step to the console otherwise.
    vi.stubEnv('AUTH_LOG_LEVEL', 'ERROR')
  })
  afterAll(() => void vi.unstubAllEnvs())
}
