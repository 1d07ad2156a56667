import type { JWTPayload } from 'jose'
import type { JSONValue } from 'convex/values'
import type { UserAttributes } from '../../engine/types'

/** OpenID Connect's standard claims, by the names that Convex's `UserIdentity` gives them. */
const renamedClaims: Record<string, string> = {
  given_name: 'givenName',
  family_name: 'familyName',
  preferred_username: 'preferredUsername',
  profile: 'profileUrl',
  picture: 'pictureUrl',
  website: 'websiteUrl',
  email_verified: 'emailVerified',
  birthdate: 'birthday',
  zoneinfo: 'timezone',
  locale: 'language',
  phone_number: 'phoneNumber',
  phone_number_verified: 'phoneNumberVerified',
  updated_at: 'updatedAt',
}

/** About the token, not about the user. */
const tokenClaims = new Set(['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'jti'])

/**
 * What `ctx.auth.getUserIdentity()` answers for a verified token. With `flatten`, as Convex does for custom JWTs, the claim
 * `{ a: { b: 1 } }` becomes `a.b`.
 */
export function userAttributes(
  payload: JWTPayload & { iss: string; sub: string },
  options: { flatten: boolean },
): UserAttributes {
  const attributes: UserAttributes = {
    tokenIdentifier: `${payload.iss}|${payload.sub}`,
    issuer: payload.iss,
    subject: payload.sub,
  }
  for (const [claim, value] of Object.entries(payload)) {
    if (tokenClaims.has(claim) || value === undefined) continue
    const name = renamedClaims[claim] ?? claim
    if (name in attributes) continue
    addClaim(attributes, name, value as JSONValue, options.flatten)
  }
  return attributes
}

function addClaim(attributes: UserAttributes, name: string, value: JSONValue, flatten: boolean): void {
  if (!flatten || typeof value !== 'object' || value === null || Array.isArray(value)) {
    attributes[name] = value
    return
  }
  for (const [key, nested] of Object.entries(value)) {
    addClaim(attributes, `${name}.${key}`, nested, flatten)
  }
}
