import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Id } from '@rollcall/backend/dataModel'
import { FolderWatch } from '@rollcall/embedded-backend/folder-watch'
import type { Logger } from 'pino'
import type { AdminApi } from '../backend/AdminApi'
import { RefusalError } from '../errors'
import { Owner } from '../local/Owner'
import { workersOfThisMachine } from '../local/localWorker'
import { paths } from '../paths'

interface WorkerReloaderOptions {
  api: AdminApi
  dataDir: string
  logger: Logger
}

/** What a worker is told when it is not there, or goes already. */
const isGone = (error: unknown) =>
  error instanceof RefusalError &&
  ['WORKER_OFFLINE', 'WORKER_DRAINING', 'WORKER_REVOKED', 'NOT_FOUND'].includes(error.code ?? '')

/**
 * Builds the worker's program again when its sources change, and has the workers of this machine drain and start anew, as their owner
 * does it on the page. A program that cannot be built is reported, and the workers go on.
 */
export class WorkerReloader {
  private readonly watch: FolderWatch

  constructor(private readonly options: WorkerReloaderOptions) {
    const { logger } = options
    this.watch = new FolderWatch(
      [join(paths.worker, 'src'), paths.contract],
      () => this.reload(),
      ({ message }) => logger.warn({ event: 'worker.watchFailed', message }),
    )
  }

  /** Resolves when nothing is under way any more. Rejects never. */
  async close(): Promise<void> {
    await this.watch.close()
  }

  private async reload(): Promise<void> {
    const { api, dataDir, logger } = this.options
    try {
      const before = readFileSync(paths.workerProgram, 'utf8')
      const mistake = await build()
      if (mistake !== undefined) {
        logger.error({ event: 'worker.broken' }, `the worker cannot be built; the old one stays\n${mistake}`)
        return
      }
      if (readFileSync(paths.workerProgram, 'utf8') === before) return
      const owner = await Owner.signIn(api)
      try {
        let told = 0
        for (const workerId of workersOfThisMachine(dataDir)) {
          if (await restarts(owner, workerId)) told += 1
        }
        logger.info(
          { event: 'worker.reloaded', workers: told },
          'The worker is built anew; those that run restart',
        )
      } finally {
        await owner.signOut()
      }
    } catch (error: unknown) {
      logger.error({ event: 'worker.reloadFailed', err: error }, 'the workers were not restarted')
    }
  }
}

async function restarts(owner: Owner, workerId: string): Promise<boolean> {
  try {
    await owner.orderRestart(workerId as Id<'workers'>)
    return true
  } catch (error: unknown) {
    if (isGone(error)) return false
    throw error
  }
}

/** Builds what has changed, in a process of its own: the compiler is not carried along. Answers what is wrong, with its place. */
function build(): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(process.execPath, [paths.buildProgram], { cwd: paths.repo }, (error, _, printed) =>
      resolve(error ? printed.trim() : undefined),
    )
  })
}
