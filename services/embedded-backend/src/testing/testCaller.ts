import { Buffer } from 'node:buffer'
import type { UserIdentity } from 'convex/server'
import type { CallSource, Identity, UserAttributes } from '../engine/types'

/** Who calls, and from where. */
export interface TestCaller {
  identity: Identity
  source: CallSource
}

export const NOBODY: TestCaller = {
  identity: { kind: 'none' },
  source: { ip: null, userAgent: null, authToken: null },
}

/** Fills what is missing of the identity as `convex-test` does, and keeps from where `caller` calls. */
export function callerFrom(identity: Partial<UserIdentity>, { source }: TestCaller): TestCaller {
  const subject = identity.subject ?? String(hash(JSON.stringify(identity)))
  const issuer = identity.issuer ?? 'https://convex.test'
  const tokenIdentifier = identity.tokenIdentifier ?? `${issuer}|${subject}`
  const attributes = { ...identity, subject, issuer, tokenIdentifier } as UserAttributes
  return {
    identity: { kind: 'user', attributes },
    source: { ...source, authToken: unsignedToken(attributes) },
  }
}

/** The claims that `UserIdentity` gives other names to (docs of `UserIdentity` in `convex/server`). */
const CLAIMS: Record<string, string> = {
  subject: 'sub',
  issuer: 'iss',
  givenName: 'given_name',
  familyName: 'family_name',
  preferredUsername: 'preferred_username',
  profileUrl: 'profile',
  pictureUrl: 'picture',
  emailVerified: 'email_verified',
  birthday: 'birthdate',
  timezone: 'zoneinfo',
  language: 'locale',
  phoneNumber: 'phone_number',
  phoneNumberVerified: 'phone_number_verified',
  updatedAt: 'updated_at',
}

/** The token that such an identity would have come from, but for the signature. */
function unsignedToken({ tokenIdentifier: _, ...attributes }: UserAttributes): string {
  const claims: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(attributes)) claims[CLAIMS[name] ?? name] = value
  return `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.`
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

/** 32 bits, the same for the same text. */
function hash(text: string): number {
  let value = 0
  for (let i = 0; i < text.length; i++) value = (Math.imul(value, 31) + text.charCodeAt(i)) | 0
  return value
}
