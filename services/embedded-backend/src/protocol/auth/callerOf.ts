import type { Caller, Peer } from '../../engine/types'
import type { Authenticated } from './Authenticator'

/** What the functions are told of a caller; its token only because it was verified. */
export function callerOf(peer: Peer, { identity, token }: Authenticated): Caller {
  return { identity, source: { ...peer, authToken: token } }
}
