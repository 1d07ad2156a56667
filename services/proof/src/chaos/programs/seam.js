// @ts-check
/**
 * Loaded before a program of the fleet (`node --import`): lets the file named by CHAOS_SEAM set its wall clock, block its event loop
 * and make it throw. The file holds `<offset in ms> <number of the order> <order> <argument>`, padded; see `fleet/Seam.ts`. All
 * programs of one worker read the same file, so its machine has one clock. Only the wall clock is set: the monotonic one never jumps.
 */
import { openSync, readSync, writeFileSync } from 'node:fs'

const LOOK_MS = 50
const path = process.env.CHAOS_SEAM ?? ''
const file = openSync(path, 'r')
const buffer = Buffer.alloc(64)
const RealDate = Date

function read() {
  const length = readSync(file, buffer, 0, buffer.length, 0)
  return buffer.toString('latin1', 0, length).trim().split(' ')
}

class SetDate extends RealDate {
  /** @param {unknown[]} given */
  constructor(...given) {
    // @ts-expect-error -- whatever Date takes
    super(...(given.length === 0 ? [SetDate.now()] : given))
  }

  static now() {
    return RealDate.now() + Number(read()[0])
  }
}
globalThis.Date = /** @type {DateConstructor} */ (/** @type {unknown} */ (SetDate))

/** @type {Record<string, (argument: string) => void>} */
const orders = {
  block: (ms) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(ms)),
  exception: () => {
    throw new Error('a bug nobody caught')
  },
  rejection: () => void Promise.reject(new Error('a bug nobody awaited')),
}

// Orders are for the worker only, and those that were given before it listened are not for it.
if (process.argv.includes('--obeys')) {
  let last = read()[1]
  writeFileSync(`${path}.listener`, String(process.pid))
  setInterval(() => {
    const [, number, order = '', argument = ''] = read()
    if (number === last) return
    last = number
    orders[order]?.(argument)
  }, LOOK_MS).unref()
}
