import { startEmbeddedBackend, type EmbeddedBackend } from '@rollcall/embedded-backend'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { inject } from 'vitest'
import { signingKeys } from './signingKeys'

/** The page as built for this run, on a real backend that can be stopped and started again on the same port and data. */
export class ServedPage {
  private constructor(
    private readonly page: string,
    private readonly dataDir: string,
    private readonly env: Record<string, string>,
    private running: EmbeddedBackend,
  ) {}

  static async open(given: Record<string, string> = {}): Promise<ServedPage> {
    const page = inject('page')
    const dataDir = await mkdtemp(join(tmpdir(), 'rollcall-data-'))
    const env = { ...signingKeys(), SITE_URL: 'http://127.0.0.1', ...given }
    return new ServedPage(page, dataDir, env, await start(page, dataDir, env, 0))
  }

  get url(): string {
    return this.running.url
  }

  get adminKey(): string {
    return this.running.adminKey
  }

  async stop(): Promise<void> {
    await this.running.close()
  }

  async startAgain(): Promise<void> {
    this.running = await start(this.page, this.dataDir, this.env, this.running.port)
  }

  async close(): Promise<void> {
    await this.running.close()
    await rm(this.dataDir, { recursive: true })
  }
}

async function start(
  page: string,
  dataDir: string,
  env: Record<string, string>,
  port: number,
): Promise<EmbeddedBackend> {
  return await startEmbeddedBackend({
    functionsDir: join(import.meta.dirname, '../../../backend/convex'),
    dataDir,
    port,
    page: { folder: page },
    env,
    logger: pino({ level: process.env['LOG_LEVEL'] ?? 'silent' }),
  })
}
