import { internal } from '@rollcall/backend/api'
import type { AdminApi } from '../backend/AdminApi'
import { UsageError } from '../errors'
import { hashOf, randomSecret } from './secret'

/** A one-time sign-in link to the page for the local owner, valid for `limits.signInLinkMs`. */
export async function makeLocalSignInLink(api: AdminApi): Promise<string> {
  return linkTo(api.url, await makeLocalSignInToken(api))
}

/** What such a link carries. */
export async function makeLocalSignInToken(api: AdminApi): Promise<string> {
  const secret = randomSecret()
  await api.run(internal.localOwner.createSignInLink, { tokenHash: hashOf(secret) })
  return secret
}

/**
 * The same on any deployment, for the person with this email, or else for its first administrator. Throws `UsageError` if the
 * deployment does not tell where its page is, and what `AdminApi.run` throws.
 */
export async function makeSignInLink(
  api: AdminApi,
  email: string | undefined,
): Promise<{ link: string; person: string }> {
  const page = (await api.environment()).get('SITE_URL')
  if (page === undefined || page === '') {
    throw new UsageError([
      `SITE_URL is not set in the environment of ${api.url}: set it there to the page’s address, such as https://rollcall.example.com.`,
    ])
  }
  const secret = randomSecret()
  const { person } = await api.run(internal.signInLinks.create, {
    tokenHash: hashOf(secret),
    ...(email !== undefined && { email }),
  })
  return { link: linkTo(page.replace(/\/+$/, ''), secret), person }
}

function linkTo(page: string, secret: string): string {
  return `${page}/sign-in#link=${secret}`
}
