import type { ConnectionWatch } from './ConnectionWatch'

/** A `WebSocket` class that tells `watch` when a socket opens, hears something, or closes. */
export function watchedWebSocket(watch: ConnectionWatch): typeof WebSocket {
  return class extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols)
      this.addEventListener('open', watch.opened)
      this.addEventListener('message', watch.heard)
      this.addEventListener('close', watch.closed)
    }
  }
}
