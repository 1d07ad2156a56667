import { assertDeployable, indexesOf } from './assertDeployable'
import { EmbeddedEngine } from './EmbeddedEngine'
import { Environment } from './Environment'
import type { bundleFunctions } from './functions/bundleFunctions'
import { FunctionHost } from './functions/FunctionHost'
import { FunctionRunner, type CompletedCall } from './functions/FunctionRunner'
import { RunningFunctions } from './functions/RunningFunctions'
import { stackOf } from './functions/SourcePlaces'
import { Syscalls } from './functions/Syscalls'
import { guardRejections } from './functions/guardRejections'
import { LogRing } from './LogRing'
import { CronRunner } from './scheduler/CronRunner'
import { Scheduler } from './scheduler/Scheduler'
import { openStorage, type StorageTuning } from './store/openStorage'
import { Store } from './store/Store'
import type { Engine, EngineOptions } from './types'

/** What an engine is made of. */
export type EngineParts = ConstructorParameters<typeof EmbeddedEngine>[0] & { syscalls: Syscalls }

/** In the place of what the engine takes by itself. */
export interface EngineSources {
  /** Instead of bundling the folder each time. */
  bundle?: typeof bundleFunctions
  /** Instead of the variables in the data folder; another map means that they changed. */
  environment?: () => ReadonlyMap<string, string>
}

/**
 * Opens the data folder, loads the functions, and starts scheduler and crons. Throws EmbeddedBackendError:
 * FUNCTIONS_FOLDER_MISSING, FUNCTIONS_BROKEN, LOG_CORRUPT, and all that begin with DATA_FOLDER. What was opened before
 * an error is closed again.
 */
export async function openEngine(options: EngineOptions, tuning: StorageTuning = {}): Promise<Engine> {
  return new EmbeddedEngine(await openParts(options, tuning))
}

/** As `openEngine`, for callers that need more than the border of `types.ts`. `release` closes what they do not stop. */
export async function openParts(
  options: EngineOptions,
  tuning: StorageTuning = {},
  sources: EngineSources = {},
): Promise<EngineParts> {
  const { logger } = options
  const storage = await openStorage(options.dataDir, logger, tuning)
  const undo: Releaser[] = [storage.release, () => storage.log?.close()]
  try {
    const environment = new Environment(storage.documents)
    const running = new RunningFunctions(options.began)
    const host: FunctionHost = new FunctionHost(
      options,
      sources.environment ?? (() => environment.current()),
      () => syscalls,
      running,
      sources.bundle,
    )
    const { functions, adopt } = await host.prepare()
    const store = new Store(storage.documents, storage.ts, indexesOf(functions), storage.log)
    storage.log?.attach(store)
    assertDeployable(functions, store.snapshot.tables)
    adopt()
    const logs = new LogRing()
    const loaded = () => host.current()
    const runner = new FunctionRunner(store, loaded, running, (call) => {
      logs.add(call)
      tellFailure(call, host, options)
    })
    const syscalls = new Syscalls(runner, loaded, running)
    undo.push(guardRejections(logger))
    const scheduler = new Scheduler(store, runner, loaded, logger)
    const crons = new CronRunner(store, runner, loaded, logger)
    undo.push(
      () => scheduler.stop(),
      () => crons.stop(),
    )
    await scheduler.start()
    await crons.update(host.current().crons)
    return {
      ...{ store, host, runner, environment, scheduler, crons, logs, syscalls },
      release: () => releaseAll(undo),
    }
  } catch (error) {
    await releaseAll(undo)
    throw error
  }
}

/** A refusal is what a function is for; anything else is a mistake in it, which whoever writes it is told of. */
function tellFailure(
  { path, result }: CompletedCall,
  host: FunctionHost,
  { logger, tellsPlaces = false }: EngineOptions,
): void {
  if (result.kind === 'ok') return
  const { clientMessage: reason, thrownName, cause } = result.failure
  if (tellsPlaces && thrownName !== 'ConvexError') {
    const frames = host.framesOf(cause)
    logger.error(
      { event: 'function.failed', function: path },
      [`${path}: ${reason}`, ...frames].join('\n    '),
    )
    return
  }
  logger.debug({ function: path, reason, stack: stackOf(cause) }, 'function failed')
}

/** May return a promise. */
type Releaser = () => unknown

/** Last acquired, first released; all of them, and the first error is thrown. */
async function releaseAll(releasers: Releaser[]): Promise<void> {
  const errors: unknown[] = []
  for (const release of releasers.splice(0).reverse()) {
    try {
      await release()
    } catch (error) {
      errors.push(error)
    }
  }
  if (errors.length > 0) throw errors[0]
}
