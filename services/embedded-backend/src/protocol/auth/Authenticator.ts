import { decodeJwt, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose'
import { isAdminKey } from '../../admin/adminKey'
import type { AuthProvider, Identity, UserAttributes } from '../../engine/types'
import type { KeySets } from './KeySets'
import { userAttributes } from './userAttributes'

interface AuthFailure {
  code: 'InvalidAuthHeader' | 'NoAuthProvider' | 'Unauthenticated' | 'AuthProviderUnreachable' | 'BadAdminKey'
  message: string
}

export interface Authenticated {
  kind: 'authenticated'
  identity: Identity
  /** The JWT that says so; null for nobody and for the admin. */
  token: string | null
  /** In milliseconds since 1970. */
  expiresAt: number | null
}

export type Authentication = Authenticated | { kind: 'refused'; failure: AuthFailure }

/** What nothing presented makes of a client. */
export const nobody: Authenticated = {
  kind: 'authenticated',
  identity: { kind: 'none' },
  token: null,
  expiresAt: null,
}

const OIDC_ALGORITHMS = ['RS256', 'ES256', 'EdDSA']
const CLOCK_TOLERANCE_SECONDS = 5

/** Turns what a client presents into the identity that its calls run as. */
export class Authenticator {
  constructor(
    private readonly adminKey: string,
    private readonly providers: () => AuthProvider[],
    private readonly keySets: KeySets,
  ) {}

  /** An `Authorization` header: `Bearer <jwt>`, `Convex <admin key>[:<base64 JSON of the user to act as>]`, or none. */
  async header(header: string | undefined): Promise<Authentication> {
    if (header === undefined || header === '') return nobody
    const separator = header.indexOf(' ')
    const scheme = header.slice(0, separator).toLowerCase()
    const value = header.slice(separator + 1).trim()
    if (scheme === 'bearer') return this.token(value)
    if (scheme !== 'convex')
      return refused('InvalidAuthHeader', 'Use "Bearer <token>" or "Convex <admin key>".')
    const [key = '', encodedUser] = value.split(':', 2)
    if (encodedUser === undefined) return this.admin(key)
    const actingAs = decodeUser(encodedUser)
    return actingAs
      ? this.admin(key, actingAs)
      : refused('InvalidAuthHeader', 'The user to act as is not base64 JSON.')
  }

  admin(key: string, actingAs?: UserAttributes): Authentication {
    if (!isAdminKey(key, this.adminKey)) {
      return refused('BadAdminKey', 'The provided admin key was invalid for this deployment.')
    }
    const identity: Identity = actingAs ? { kind: 'admin', actingAs } : { kind: 'admin' }
    return { kind: 'authenticated', identity, token: null, expiresAt: null }
  }

  async token(jwt: string): Promise<Authentication> {
    let claims: JWTPayload
    try {
      claims = decodeJwt(jwt)
    } catch {
      return refused('InvalidAuthHeader', 'Could not parse the token: it is not a JWT.')
    }
    const provider = this.providers().find((candidate) => accepts(candidate, claims))
    if (!provider) {
      const audience = JSON.stringify(claims.aud ?? null)
      const message = `No auth provider found matching the given token (iss ${String(claims.iss)}, aud ${audience}). Check auth.config.ts.`
      return refused('NoAuthProvider', message)
    }
    try {
      return await this.verify(jwt, provider)
    } catch (error) {
      if (error instanceof errors.JOSEError) return refused('Unauthenticated', error.message)
      const message = error instanceof Error ? error.message : String(error)
      return refused('AuthProviderUnreachable', `Could not get the keys of the auth provider: ${message}`)
    }
  }

  private async verify(jwt: string, provider: AuthProvider): Promise<Authentication> {
    const first = await this.verifyOnce(jwt, provider)
    if (first.kind === 'verified') return first.authentication
    // The issuer may have changed its keys since we fetched them.
    if (!this.keySets.forget(keysName(provider))) throw first.error
    const second = await this.verifyOnce(jwt, provider)
    if (second.kind === 'verified') return second.authentication
    throw second.error
  }

  private async verifyOnce(jwt: string, provider: AuthProvider) {
    const custom = 'jwks' in provider
    const keys: JWTVerifyGetKey = custom
      ? await this.keySets.atAddress(provider.jwks)
      : await this.keySets.ofIssuer(issuerOf(provider))
    try {
      const { payload } = await jwtVerify<{ iss: string; sub: string; exp: number }>(jwt, keys, {
        algorithms: custom ? [provider.algorithm] : OIDC_ALGORITHMS,
        requiredClaims: ['iss', 'sub', 'exp'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
      })
      const attributes = userAttributes(payload, { flatten: custom })
      const authentication: Authenticated = {
        kind: 'authenticated',
        identity: { kind: 'user', attributes },
        token: jwt,
        expiresAt: (payload.exp + CLOCK_TOLERANCE_SECONDS) * 1000,
      }
      return { kind: 'verified', authentication } as const
    } catch (error) {
      const unknownKey =
        error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed
      if (!unknownKey) throw error
      return { kind: 'unknownKey', error } as const
    }
  }
}

function refused(code: AuthFailure['code'], message: string): Authentication {
  return { kind: 'refused', failure: { code, message } }
}

function accepts(provider: AuthProvider, claims: JWTPayload): boolean {
  if (withoutSlash(claims.iss ?? '') !== withoutSlash(issuerOf(provider))) return false
  if (provider.applicationID === undefined) return true
  const audiences = typeof claims.aud === 'string' ? [claims.aud] : (claims.aud ?? [])
  return audiences.includes(provider.applicationID)
}

function issuerOf(provider: AuthProvider): string {
  if ('issuer' in provider) return provider.issuer
  return /^https?:\/\//.test(provider.domain) ? provider.domain : `https://${provider.domain}`
}

function keysName(provider: AuthProvider): string {
  return 'jwks' in provider ? provider.jwks : issuerOf(provider)
}

function withoutSlash(url: string): string {
  return url.replace(/\/$/, '')
}

function decodeUser(encoded: string): UserAttributes | undefined {
  try {
    const user: unknown = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'))
    return typeof user === 'object' && user !== null ? (user as UserAttributes) : undefined
  } catch {
    return undefined
  }
}
