import type { Authentication, Authenticator } from '../auth/Authenticator'
import type { ClientMessageOf } from './clientMessage'

/** Who the client is from now on, by its own message. */
export async function verify(
  authenticator: Authenticator,
  message: ClientMessageOf<'Authenticate'>,
): Promise<Authentication> {
  switch (message.tokenType) {
    case 'None':
      return authenticator.header(undefined)
    case 'User':
      return authenticator.token(message.value)
    case 'Admin':
      return authenticator.admin(message.value, message.impersonating ?? undefined)
  }
}
