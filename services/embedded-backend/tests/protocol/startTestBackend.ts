import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConvexClient } from 'convex/browser'
import pino from 'pino'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { startEmbeddedBackend, type EmbeddedBackend, type EmbeddedBackendOptions } from '../../src'

export const fixtureDir = join(import.meta.dirname, '../fixtures/protocol/convex')

/** A backend in this process that is gone when the test is over. */
export async function startTestBackend(
  options: Partial<EmbeddedBackendOptions> = {},
): Promise<EmbeddedBackend> {
  const backend = await startEmbeddedBackend({
    functionsDir: fixtureDir,
    dataDir: ':memory:',
    port: 0,
    logger: pino({ level: 'silent' }),
    ...options,
  })
  onTestFinished(() => backend.close())
  return backend
}

/** The official client, unmodified, that is closed when the test is over; `headers` go with its WebSocket's upgrade request. */
export function connectClient(url: string, headers: Record<string, string> = {}): ConvexClient {
  class Socket extends WebSocket {
    constructor(address: string) {
      super(address, { headers })
    }
  }
  const client = new ConvexClient(url, {
    webSocketConstructor: Socket as unknown as typeof globalThis.WebSocket,
    logger: false,
  })
  onTestFinished(() => client.close())
  return client
}

export async function temporaryDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'embedded-backend-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}
