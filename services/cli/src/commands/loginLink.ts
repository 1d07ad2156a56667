import { explainUnanswered, findDeployment } from '../backend/findDeployment'
import type { Config } from '../config'
import { UsageError } from '../errors'
import { makeLocalSignInLink, makeSignInLink } from '../local/signInLink'
import { printable, say } from '../terminal'

export interface LoginLinkContext {
  config: Config
  email: string | undefined
}

/** Prints a one-time sign-in link. Answers 0. Throws `UsageError`. */
export async function loginLink({ config, email }: LoginLinkContext): Promise<number> {
  const api = await findDeployment(config, 'there is nothing to sign in to')
  const isLocalOwner = config.convexUrl === undefined && email === undefined
  const made = isLocalOwner
    ? makeLocalSignInLink(api).then((link) => ({ link, person: 'the local owner' }))
    : makeSignInLink(api, email)
  const { link, person } = await made.catch((error: unknown) => {
    throw error instanceof UsageError ? error : explainUnanswered(api, error, 'No link was made')
  })
  say(`\n  Sign in  ${link}   (once, within 10 minutes)\n  As       ${printable(person)}\n`)
  return 0
}
