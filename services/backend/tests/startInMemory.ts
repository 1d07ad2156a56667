import { startEmbeddedBackend, type EmbeddedBackend } from '@rollcall/embedded-backend'
import { join } from 'node:path'
import { pino } from 'pino'

/** The embedded backend with these functions, on a free port and with data that ends with it. The caller closes it. */
export async function startInMemory(): Promise<EmbeddedBackend> {
  return await startEmbeddedBackend({
    functionsDir: join(import.meta.dirname, '..', 'convex'),
    dataDir: ':memory:',
    port: 0,
    logger: pino({ level: 'silent' }),
  })
}
