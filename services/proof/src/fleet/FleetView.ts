import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { ConvexClient } from 'convex/browser'
import type { FunctionReturnType } from 'convex/server'
import { WebSocket } from 'ws'

export type WorkerView = FunctionReturnType<typeof api.workers.list>[number]

interface Waiter {
  workerId: Id<'workers'>
  isSo: (worker: WorkerView) => boolean
  tell: (seen: Seen) => void
}

/** `at`: on this process's `performance.now()`; `wallAt`: ms since 1970. */
export interface Seen {
  worker: WorkerView
  at: number
  wallAt: number
}

/** What an open page sees of a machine: follows its workers over a WebSocket. Must be closed. */
export class FleetView {
  /** Every change of a worker's status, in its order. */
  readonly changes: Seen[] = []
  private readonly client: ConvexClient
  private readonly seen = new Map<Id<'workers'>, Seen>()
  private readonly waiters = new Set<Waiter>()

  constructor(url: string, token: string, machineId: Id<'machines'>) {
    // Node 20 has none of its own.
    this.client = new ConvexClient(url, { webSocketConstructor: WebSocket as never, logger: false })
    this.client.setAuth(() => Promise.resolve(token))
    this.client.onUpdate(api.workers.list, { machineId }, (workers) => this.update(workers))
  }

  /** Waits until the worker is shown so; rejects after `patienceMs`, with what it is shown as instead. */
  async until(
    workerId: Id<'workers'>,
    isSo: (worker: WorkerView) => boolean,
    patienceMs: number,
  ): Promise<Seen> {
    const now = this.seen.get(workerId)
    if (now && isSo(now.worker)) return now
    return await new Promise((resolve, reject) => {
      const waiter = { workerId, isSo, tell: resolve }
      this.waiters.add(waiter)
      const late = setTimeout(() => {
        this.waiters.delete(waiter)
        const { status, phase, offline } = this.seen.get(workerId)?.worker ?? {}
        reject(new Error(`after ${patienceMs} ms: ${JSON.stringify({ status, phase, offline })}`))
      }, patienceMs)
      waiter.tell = (seen) => {
        clearTimeout(late)
        resolve(seen)
      }
    })
  }

  worker(workerId: Id<'workers'>): WorkerView | undefined {
    return this.seen.get(workerId)?.worker
  }

  /** Calls with each heartbeat of the worker's, ms since 1970. */
  onHeartbeat(workerId: Id<'workers'>, tell: (at: number) => void): void {
    this.client.onUpdate(api.workerHistory.heartbeat, { workerId }, ({ at }) => {
      if (at !== null) tell(at)
    })
  }

  async close(): Promise<void> {
    await this.client.close()
  }

  private update(workers: readonly WorkerView[]): void {
    const at = performance.now()
    const wallAt = Date.now()
    for (const worker of workers) {
      const seen = { worker, at, wallAt }
      if (this.seen.get(worker.id)?.worker.status !== worker.status) this.changes.push(seen)
      this.seen.set(worker.id, seen)
      for (const waiter of this.waiters) {
        if (waiter.workerId !== worker.id || !waiter.isSo(worker)) continue
        this.waiters.delete(waiter)
        waiter.tell(seen)
      }
    }
  }
}
