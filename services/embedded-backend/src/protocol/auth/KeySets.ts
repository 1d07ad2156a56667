import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import * as z from 'zod'

const FETCH_TIMEOUT_MS = 5_000
/** How long a key set is trusted without asking again. */
const FRESH_MS = 5 * 60_000
/** Between two fetches that an unknown key asked for, so that forged tokens cannot make us hammer a provider. */
const REFETCH_COOLDOWN_MS = 2_000

const discovery = z.object({ issuer: z.string(), jwks_uri: z.string() })
const jsonWebKeySet = z.custom<JSONWebKeySet>(
  (value) => typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys),
)

/** Fetches `url`; the server answers its own addresses without going through the network. */
export type FetchUrl = (url: string, signal: AbortSignal) => Promise<Response>

/** Public keys of the token issuers, cached. Rejects when a provider cannot be reached or answers nonsense. */
export class KeySets {
  private readonly cache = new Map<string, { keys: Promise<JWTVerifyGetKey>; fetchedAt: number }>()

  constructor(
    private readonly fetchUrl: FetchUrl,
    private readonly now: () => number = Date.now,
  ) {}

  /** Keys at a JWKS address; `data:` addresses are allowed, as on Convex. */
  atAddress(url: string): Promise<JWTVerifyGetKey> {
    return this.cached(url, async () => createLocalJWKSet(await this.get(url, jsonWebKeySet)))
  }

  /** Keys of an OpenID Connect provider, found by discovery under its domain. */
  ofIssuer(issuer: string): Promise<JWTVerifyGetKey> {
    return this.cached(issuer, async () => {
      const base = issuer.replace(/\/$/, '')
      const { jwks_uri } = await this.get(`${base}/.well-known/openid-configuration`, discovery)
      return createLocalJWKSet(await this.get(jwks_uri, jsonWebKeySet))
    })
  }

  /** Forgets keys that a token did not fit, for they may have been rotated; `false` if they were fetched only just now. */
  forget(urlOrIssuer: string): boolean {
    const entry = this.cache.get(urlOrIssuer)
    if (entry && this.now() - entry.fetchedAt < REFETCH_COOLDOWN_MS) return false
    this.cache.delete(urlOrIssuer)
    return true
  }

  private cached(name: string, load: () => Promise<JWTVerifyGetKey>): Promise<JWTVerifyGetKey> {
    const kept = this.cache.get(name)
    if (kept && this.now() - kept.fetchedAt < FRESH_MS) return kept.keys
    const keys = load()
    this.cache.set(name, { keys, fetchedAt: this.now() })
    keys.catch(() => {
      if (this.cache.get(name)?.keys === keys) this.cache.delete(name)
    })
    return keys
  }

  private async get<T>(url: string, schema: z.ZodType<T>): Promise<T> {
    const response = await this.fetchUrl(url, AbortSignal.timeout(FETCH_TIMEOUT_MS))
    if (!response.ok) throw new Error(`${url} answered ${response.status}`)
    return schema.parse(await response.json())
  }
}
