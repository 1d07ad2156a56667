import { seededFunctions } from '@rollcall/backend/seededFunctions'
import { rm } from 'node:fs/promises'
import { FleetView } from '../fleet/FleetView'
import { makeMachine, type MadeWorker } from '../fleet/makeMachine'
import { RunningWorker, type RunningOptions } from '../fleet/RunningWorker'
import { signUp } from '../load/Pages'
import { ProvedBackend } from '../ProvedBackend'

export const OWNER = 'owner@example.com'

/** Generous: a machine of two cores may start several at once. */
const STARTING_MS = 120_000

/** A worker that is up and whose processes are known. */
export interface Subject {
  made: MadeWorker
  running: RunningWorker
}

/** A durable backend with the default times, a machine with workers to be started, and a page that follows it. Must be closed. */
export class Stage {
  private constructor(
    private readonly functions: string,
    readonly backend: ProvedBackend,
    readonly view: FleetView,
    readonly workers: readonly MadeWorker[],
  ) {}

  static async open(workers: number): Promise<Stage> {
    const functions = await seededFunctions()
    const backend = await ProvedBackend.start(functions)
    await backend.call('settings:update', { isSignUpOpen: true })
    const token = await signUp(backend.url, OWNER)
    const machine = await makeMachine(backend.url, token, workers)
    const view = new FleetView(backend.url, token, machine.machineId)
    return new Stage(functions, backend, view, machine.workers)
  }

  /** Starts this worker, and waits until the page shows it ready. */
  async start(made: MadeWorker, options: RunningOptions = {}): Promise<Subject> {
    const epoch = this.view.worker(made.workerId)?.epoch ?? 0
    const running = await RunningWorker.start({ url: this.backend.url, token: made.token, ...options })
    try {
      const { worker } = await this.view.until(
        made.workerId,
        (shown) => shown.status === 'online' && shown.phase === 'ready' && shown.epoch > epoch,
        STARTING_MS,
      )
      await running.locate(worker.process?.pid ?? 0)
      return { made, running }
    } catch (error: unknown) {
      await running.end()
      throw new Error(`a worker did not start: ${String(error)}\n${running.output}`, { cause: error })
    }
  }

  async close(): Promise<void> {
    await this.view.close()
    await this.backend.stop()
    await rm(this.functions, { recursive: true })
  }
}
