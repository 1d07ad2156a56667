import type { IncomingMessage } from 'node:http'
import type { Peer } from '../../engine/types'

/**
 * Who is at the other end of a request's connection, whatever headers say of proxies. To be asked before anything is awaited:
 * a connection that was cut has no address any more.
 */
export function peerOf({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): Peer {
  return {
    ip: socket.remoteAddress?.replace(/^::ffff:/, '') ?? null,
    userAgent: headers['user-agent'] ?? null,
  }
}
