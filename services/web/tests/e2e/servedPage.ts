import { startEmbeddedBackend, type EmbeddedBackend } from '@rollcall/embedded-backend'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { pageOfThisRun } from './pageOfThisRun'
import { signingKeys } from './signingKeys'

const ownFunctions = join(import.meta.dirname, '../../../backend/convex')

interface Parts {
  functionsDir: string
  /** The folder of the built page. */
  page: string
  dataDir: string
  env: Record<string, string>
}

/** The page as built for this run, on a real backend that can be stopped and started again on the same port and data. */
export class ServedPage {
  private constructor(
    private readonly parts: Parts,
    private running: EmbeddedBackend,
  ) {}

  static async open(given: Record<string, string> = {}, functionsDir = ownFunctions): Promise<ServedPage> {
    const page = await pageOfThisRun()
    const dataDir = await mkdtemp(join(tmpdir(), 'rollcall-data-'))
    const env = { ...signingKeys(), SITE_URL: 'http://127.0.0.1', ...given }
    const parts = { functionsDir, page, dataDir, env }
    return new ServedPage(parts, await start(parts, 0))
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
    this.running = await start(this.parts, this.running.port)
  }

  async close(): Promise<void> {
    await this.running.close()
    await rm(this.parts.dataDir, { recursive: true })
  }
}

async function start({ functionsDir, page, dataDir, env }: Parts, port: number): Promise<EmbeddedBackend> {
  return await startEmbeddedBackend({
    functionsDir,
    dataDir,
    port,
    page: { folder: page },
    env,
    logger: pino({ level: process.env['LOG_LEVEL'] ?? 'silent' }),
  })
}
