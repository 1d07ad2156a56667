/** What an invitation can be to: where its link leads, and the name of its token there. */
const destinations = {
  account: { path: '/sign-up', name: 'invitation' },
  machine: { path: '/join', name: 'machine' },
}

export type InvitedTo = keyof typeof destinations

/** The token is in the hash, which no server sees and no log keeps. */
export function invitationLink(to: InvitedTo, origin: string, token: string): string {
  const { path, name } = destinations[to]
  return `${origin}${path}#${name}=${token}`
}

/** The invitation in an address's hash, if there is one. */
export function invitationIn(to: InvitedTo, hash: string): string | undefined {
  return new URLSearchParams(hash.slice(1)).get(destinations[to].name) ?? undefined
}
