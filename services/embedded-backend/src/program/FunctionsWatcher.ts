import { watch, type FSWatcher } from 'node:fs'
import type { Logger } from 'pino'

/** Editors write a file in several steps, and people save several files at once. */
const SETTLE_MS = 150

/** Has the functions loaded again when a file of their folder changed; broken code is reported and the old keeps running. */
export class FunctionsWatcher {
  private readonly watcher: FSWatcher
  private settling: NodeJS.Timeout | null = null
  private reloading: Promise<void> = Promise.resolve()

  constructor(
    functionsDir: string,
    private readonly reload: () => Promise<void>,
    private readonly logger: Logger,
  ) {
    this.watcher = watch(functionsDir, { recursive: true }, () => this.onChange())
    this.watcher.on('error', (error) => {
      logger.warn({ event: 'functions.watchFailed', message: error.message })
    })
  }

  /** Resolves when no reload is running any more. */
  async close(): Promise<void> {
    this.watcher.close()
    if (this.settling) clearTimeout(this.settling)
    await this.reloading
  }

  private onChange(): void {
    if (this.settling) clearTimeout(this.settling)
    this.settling = setTimeout(() => {
      this.reloading = this.reloading.then(() => this.reloadOnce())
    }, SETTLE_MS)
  }

  private async reloadOnce(): Promise<void> {
    try {
      await this.reload()
      this.logger.info({ event: 'functions.reloaded' })
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      this.logger.error(
        { event: 'functions.broken', message },
        'the functions do not load; the old ones stay',
      )
    }
  }
}
