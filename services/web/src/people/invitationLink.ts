const PATH = '/sign-up'
const NAME = 'invitation'

/** The token is in the hash, which no server sees and no log keeps. */
export function invitationLink(origin: string, token: string): string {
  return `${origin}${PATH}#${NAME}=${token}`
}

/** The invitation in an address's hash, if there is one. */
export function invitationIn(hash: string): string | undefined {
  return new URLSearchParams(hash.slice(1)).get(NAME) ?? undefined
}
