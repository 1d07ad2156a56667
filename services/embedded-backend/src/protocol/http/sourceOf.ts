import type { IncomingMessage } from 'node:http'
import type { CallSource } from '../../engine/types'

const BEARER = /^bearer\s+/i

/** Where a request comes from: the other end of its connection, whatever headers say of proxies. */
export function sourceOf({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): CallSource {
  const { authorization = '' } = headers
  return {
    ip: socket.remoteAddress?.replace(/^::ffff:/, '') ?? null,
    userAgent: headers['user-agent'] ?? null,
    authToken: BEARER.test(authorization) ? authorization.replace(BEARER, '') : null,
  }
}
