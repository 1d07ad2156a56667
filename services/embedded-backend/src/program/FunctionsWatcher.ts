import type { Logger } from 'pino'
import type { Engine } from '../engine/types'
import { FolderWatch } from './FolderWatch'

/**
 * Has the functions loaded again when a file of their folder, or of one that they import from, changed; broken code is reported and
 * the old keeps running.
 */
export class FunctionsWatcher {
  private readonly watch: FolderWatch

  constructor(
    private readonly functionsDir: string,
    private readonly engine: Pick<Engine, 'reload' | 'sourceFolders'>,
    private readonly logger: Logger,
  ) {
    this.watch = new FolderWatch(
      this.folders(),
      () => this.reload(),
      ({ message }) => logger.warn({ event: 'functions.watchFailed', message }),
    )
  }

  /** Resolves when no reload is running any more. */
  async close(): Promise<void> {
    await this.watch.close()
  }

  private folders(): string[] {
    return [this.functionsDir, ...this.engine.sourceFolders()]
  }

  private async reload(): Promise<void> {
    try {
      await this.engine.reload()
      this.watch.follow(this.folders())
      this.logger.info({ event: 'functions.reloaded' }, 'Functions reloaded')
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      this.logger.error(
        { event: 'functions.broken', message },
        'the functions do not load; the old ones stay',
      )
    }
  }
}
