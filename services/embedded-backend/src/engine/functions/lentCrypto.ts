import { createHash } from 'node:crypto'

/** What `crypto.subtle.digest` knows, by the names that `createHash` gives it. */
const HASHES: Record<string, string> = {
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
}

/** In bytes: up to here a digest takes less time than a thread takes to be asked for it. */
const LITTLE = 16 * 1_024

/**
 * Web Crypto as functions get it. A digest of little data is computed at once: Node gives each to a thread, and since mutations run one
 * after another, every one that checks a secret would wait for the event loop to come round.
 */
export function lentCrypto(): Crypto {
  const { subtle } = crypto
  const digest: SubtleCrypto['digest'] = (algorithm, data) => {
    const name = typeof algorithm === 'string' ? algorithm : algorithm.name
    const hash = HASHES[name.toUpperCase()]
    if (hash === undefined || data.byteLength > LITTLE) return subtle.digest(algorithm, data)
    const bytes = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data)
    return Promise.resolve(new Uint8Array(createHash(hash).update(bytes).digest()).buffer)
  }
  return lend(crypto, { subtle: lend(subtle, { digest }) })
}

/** `target` with some of its properties exchanged; its methods still find their own object. */
function lend<T extends object>(target: T, exchanged: Partial<T>): T {
  return new Proxy(target, {
    get: (_, name) => {
      if (Object.hasOwn(exchanged, name)) return exchanged[name as keyof T]
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value
    },
  })
}
