import { isIP } from 'node:net'

/**
 * Whether a `Host` header names this computer. A page of a stranger whose name was made to point at 127.0.0.1 is refused that
 * way: its requests still carry the stranger's name. A server that was bound to more than loopback answers to any name.
 */
export function isOwnHost(hostHeader: string | undefined, boundHost: string): boolean {
  if (!isLoopback(boundHost)) return true
  if (hostHeader === undefined) return false
  const name = hostHeader.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
  return name === boundHost || isLoopback(name)
}

/** Whether only programs of this computer reach what is bound to this address. */
export function isLoopback(name: string): boolean {
  if (isIP(name) === 4) return name.startsWith('127.')
  return name === '::1' || name === 'localhost' || name.endsWith('.localhost')
}
