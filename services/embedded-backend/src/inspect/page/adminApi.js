/** The backend does not take this key. */
export class KeyRefused extends Error {}

/** Nobody answers, or not in time. */
export class NotReachable extends Error {}

/** The backend said no; the message says why. */
export class Refused extends Error {}

/** Longer than a long poll takes. */
const PATIENCE_MS = 30_000

/** Asks the backend that served this page; the key goes in a header, for addresses are kept and logged. */
export class AdminApi {
  #key

  constructor(key) {
    this.#key = key
  }

  /** @param {string} path @param {Record<string, string | number>} query @param {AbortSignal} signal */
  async get(path, query, signal) {
    const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))
    const [status, body] = await this.#ask(`${path}?${search}`, signal)
    if (status === 401 || status === 403) throw new KeyRefused(body?.message)
    if (status !== 200 || body === undefined)
      throw new Refused(body?.message ?? `The backend answered ${status}.`)
    return body
  }

  async #ask(address, signal) {
    try {
      const response = await fetch(address, {
        headers: { Authorization: `Convex ${this.#key}` },
        cache: 'no-store',
        signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
      })
      return [response.status, await response.json().catch(() => undefined)]
    } catch (cause) {
      signal.throwIfAborted()
      throw new NotReachable('The backend does not answer.', { cause })
    }
  }
}
