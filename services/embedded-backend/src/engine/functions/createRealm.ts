import { types } from 'node:util'
import vm from 'node:vm'
import { lentCrypto } from './lentCrypto'
import { REALM_BOOTSTRAP } from './realmBootstrap'

/** What functions can reach outside their realm. */
export interface RealmHost {
  now(): number
  random(): number
  environment(name: string): string | undefined
  syscall(operation: string, args: string): { value: string } | { error: string }
  asyncSyscall(operation: string, args: string): Promise<string>
  /** Throws where `what` (fetch, a timer) is not allowed. */
  assertInAction(what: string): void
  log(level: LogLevel, messages: unknown[]): void
}

export type LogLevel = 'DEBUG' | 'INFO' | 'LOG' | 'WARN' | 'ERROR'

/** Lent as they are. Typed arrays too: those that web APIs make must be the same classes as those functions make. */
const LENT = [
  ...[
    'Request',
    'Response',
    'Headers',
    'URL',
    'URLSearchParams',
    'TextEncoder',
    'TextDecoder',
    'FormData',
    'Blob',
    'File',
  ],
  ...[
    'AbortController',
    'AbortSignal',
    'Event',
    'EventTarget',
    'DOMException',
    'atob',
    'btoa',
    'structuredClone',
  ],
  ...[
    'ReadableStream',
    'ReadableStreamDefaultReader',
    'WritableStream',
    'TransformStream',
    'TextEncoderStream',
  ],
  ...['TextDecoderStream', 'CompressionStream', 'DecompressionStream', 'CryptoKey', 'queueMicrotask'],
  ...['ArrayBuffer', 'DataView', 'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array'],
  ...['Int32Array', 'Uint32Array', 'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array'],
]

/**
 * A global scope of its own for functions: the language, web APIs, `console`, `process.env`, `Convex`; nothing of Node.
 * A fence against mistakes, not against malice: the functions are the product's own code.
 */
export function createRealm(host: RealmHost): vm.Context {
  const realm = vm.createContext(vm.constants.DONT_CONTEXTIFY)
  const outer = globalThis as unknown as Record<string, unknown>
  const define = (name: string, value: unknown) =>
    Object.defineProperty(realm, name, { value, writable: true, configurable: true })
  for (const name of LENT) define(name, outer[name])
  define('crypto', lentCrypto())
  define('console', createConsole(host))
  for (const [name, value] of Object.entries(actionOnly(host))) define(name, value)
  const bootstrap = vm.runInContext(REALM_BOOTSTRAP, realm) as (lent: unknown) => void
  bootstrap({
    now: () => host.now(),
    random: () => host.random(),
    environment: (name: string) => host.environment(name),
    fetch: (...args: Parameters<typeof fetch>) => {
      host.assertInAction('fetch')
      return fetch(...args)
    },
    isError: (thing: unknown) => types.isNativeError(thing) || thing instanceof Error,
    syscall: (operation: string, args: string) => host.syscall(operation, args),
    asyncSyscall: (operation: string, args: string) => host.asyncSyscall(operation, args),
  })
  return realm
}

function actionOnly(host: RealmHost): Record<string, unknown> {
  // By name: a test may exchange the clock while the realm is there.
  const timer =
    (what: 'setTimeout' | 'setInterval') =>
    (callback: (...args: unknown[]) => void, delayMs?: number, ...args: unknown[]) => {
      host.assertInAction(what)
      return Number(globalThis[what](callback, delayMs, ...args))
    }
  return {
    setTimeout: timer('setTimeout'),
    setInterval: timer('setInterval'),
    clearTimeout: (id: number) => clearTimeout(id),
    clearInterval: (id: number) => clearInterval(id),
  }
}

function createConsole(host: RealmHost): Record<string, (...messages: unknown[]) => void> {
  const at =
    (level: LogLevel) =>
    (...messages: unknown[]) =>
      host.log(level, messages)
  const ignored = () => undefined
  return {
    ...{
      debug: at('DEBUG'),
      info: at('INFO'),
      log: at('LOG'),
      warn: at('WARN'),
      error: at('ERROR'),
      trace: at('LOG'),
    },
    ...{ time: ignored, timeEnd: ignored, timeLog: ignored, group: ignored, groupEnd: ignored },
  }
}
