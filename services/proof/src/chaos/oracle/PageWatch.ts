import { api } from '@rollcall/backend/api'
import type { Id } from '@rollcall/backend/dataModel'
import { ConvexClient } from 'convex/browser'
import type { FunctionReturnType } from 'convex/server'
import { WebSocket } from 'ws'
import type { Owner } from '../fleet/Roll'
import type { Claim, Violation } from './history'
import type { Span } from './Spans'

type Workers = FunctionReturnType<typeof api.workers.list>
type Machine = FunctionReturnType<typeof api.machines.list>['page'][number]
type Detector = FunctionReturnType<typeof api.detector.state>

export interface PageOptions {
  url: string
  owner: Owner
  /** What is said of a worker, for as long as it is: the page goes on with the last of them. */
  claimsOf: (workerId: Id<'workers'>) => Claim[] | undefined
  onViolation: (violation: Violation) => void
}

/**
 * What an open page shows of one machine, moment by moment. While its connection is lost it shows everything as last known, which
 * claims nothing. Must be closed.
 */
export class PageWatch {
  readonly graces: Span[] = []
  /** How many statuses it showed. */
  shown = 0
  readonly client: ConvexClient
  private machine: Machine | undefined
  private workers: Workers | undefined
  private isScheduled = false
  private isConnected = false

  constructor(private readonly options: PageOptions) {
    const { url, owner } = options
    this.client = new ConvexClient(url, { webSocketConstructor: WebSocket as never, logger: false })
    this.client.setAuth(() => Promise.resolve(owner.token))
    const all = { paginationOpts: { numItems: 10, cursor: null } }
    this.client.onUpdate(api.machines.list, all, ({ page }) => {
      this.machine = page.find(({ id }) => id === owner.machineId)
      this.schedule()
    })
    this.client.onUpdate(api.workers.list, { machineId: owner.machineId }, (workers) => {
      this.workers = workers
      this.schedule()
    })
    this.client.onUpdate(api.detector.state, {}, (state) => this.noteGrace(state))
    this.client.subscribeToConnectionState(({ isWebSocketConnected }) => {
      if (this.isConnected && !isWebSocketConnected) this.endAll()
      this.isConnected = isWebSocketConnected
    })
  }

  async close(): Promise<void> {
    this.endAll()
    await this.client.close()
  }

  /** After all that came in one transition: its queries are of one moment. */
  private schedule(): void {
    if (this.isScheduled) return
    this.isScheduled = true
    queueMicrotask(() => {
      this.isScheduled = false
      if (this.isConnected) this.look()
    })
  }

  private look(): void {
    const { claimsOf, onViolation } = this.options
    const { machine, workers } = this
    const now = performance.now()
    for (const worker of workers ?? []) {
      const claims = claimsOf(worker.id)
      const last = claims?.at(-1)
      if (!claims || (last && last.to === undefined && isSame(last, claimOf(worker, now)))) continue
      if (last) last.to ??= now
      claims.push(claimOf(worker, now))
      this.shown += 1
    }
    if (!machine || !workers) return
    const isAnyOnline = workers.some(({ status }) => status === 'online')
    if ((machine.status === 'online') === isAnyOnline) return
    const of = workers.map(({ name, status }) => `${name} ${status}`).join(', ')
    onViolation({
      ...{ rule: 'machine disagrees', worker: machine.name, at: now },
      text: `the machine is ${machine.status}: ${of}`,
    })
  }

  private endAll(): void {
    const now = performance.now()
    for (const { id } of this.workers ?? []) {
      const last = this.options.claimsOf(id)?.at(-1)
      if (last) last.to ??= now
    }
  }

  private noteGrace({ grace, serverNow }: Detector): void {
    if (!grace) return
    const now = performance.now()
    const to = now + grace.until - serverNow
    // Told again with each sweep.
    const isKnown = this.graces.some((known) => Math.abs((known.to ?? 0) - to) < 500)
    if (!isKnown) this.graces.push({ from: Math.min(now, to), to })
  }
}

function claimOf(worker: Workers[number], at: number): Claim {
  const { status, phase, process, epoch, offline } = worker
  return {
    ...{ from: at, status, epoch },
    ...(phase !== undefined && { phase }),
    ...(process && { pid: process.pid }),
    ...(offline && { reason: offline.reason }),
  }
}

function isSame(one: Claim, other: Claim): boolean {
  const said = ({ status, phase, pid, epoch, reason }: Claim) =>
    JSON.stringify([status, phase, pid, epoch, reason])
  return said(one) === said(other)
}
