import { setTimeout as wait } from 'node:timers/promises'
import { defaultSettings, SECOND } from '@rollcall/backend/contract'
import { Heartbeats } from '../load/Heartbeats'
import { seedFleet } from '../load/seedFleet'
import type { Progress } from '../report/Progress'
import type { SilenceName } from './deaths'
import type { Detection } from './Detection'
import { OWNER, type Stage, type Subject } from './Stage'

const { staleThresholdMs, heartbeatIntervalMs } = defaultSettings
const LATENESS_MS = 2 * SECOND
const WAKING_MS = 2 * SECOND

/** Long enough that everybody would be stale. */
const DOWN_MS = staleThresholdMs + 10 * SECOND

const LOOK_MS = 100

/** Twice what may pass before everybody is shown: so that a late one is measured. */
const PATIENCE_MS = 2 * staleThresholdMs

/** What has to be told after the other from which it follows. */
const DETECTIONS: Record<SilenceName, Omit<Detection, 'samples' | 'faults'>> = {
  'backend-down': {
    ...{ name: 'backend-down', what: `backend down for ${DOWN_MS / SECOND} s, and back: heard again` },
    ...{ since: 'return', promisedMs: staleThresholdMs },
  },
  frozen: {
    ...{ name: 'frozen', what: 'machine asleep (SIGSTOP of everything)' },
    ...{ since: 'last heartbeat', promisedMs: staleThresholdMs + LATENESS_MS },
  },
  woken: {
    ...{ name: 'woken', what: 'machine wakes (SIGCONT): online again' },
    ...{ since: 'waking', promisedMs: WAKING_MS },
  },
  lost: {
    ...{ name: 'lost', what: 'machine lost (`kill -9` of everything)' },
    ...{ since: 'last heartbeat', promisedMs: staleThresholdMs + LATENESS_MS },
  },
}

/**
 * The workers of the stage, all started, under what only the sweep sees, one thing after the other; `woken` needs `frozen`. Others
 * beat meanwhile, so that those who fall silent are no majority, which would be given a grace.
 */
export class Silences {
  readonly #lastHeartbeats = new Map<string, number>()

  private constructor(
    private readonly stage: Stage,
    private readonly subjects: readonly Subject[],
    private readonly others: Heartbeats,
    private readonly progress: Progress,
  ) {
    for (const { made } of subjects) {
      stage.view.onHeartbeat(made.workerId, (at) => this.#lastHeartbeats.set(made.workerId, at))
    }
  }

  static async measure(
    stage: Stage,
    names: ReadonlySet<SilenceName>,
    { subjects, progress }: { subjects: readonly Subject[]; progress: Progress },
  ): Promise<Detection[]> {
    const company = await seedFleet(stage.backend, [OWNER], 2 * subjects.length + 10, () => undefined)
    const others = new Heartbeats(stage.backend.url, company, heartbeatIntervalMs)
    others.start()
    try {
      return await new Silences(stage, subjects, others, progress).run(names)
    } finally {
      await others.stop()
    }
  }

  private async run(names: ReadonlySet<SilenceName>): Promise<Detection[]> {
    const detections: Detection[] = []
    const measure = async (name: SilenceName, fill: (detection: Detection) => Promise<void>) => {
      if (!names.has(name)) return
      const detection: Detection = { ...DETECTIONS[name], samples: [], faults: [] }
      this.progress.say(detection.what)
      await fill(detection)
      this.progress.measured(detection)
      detections.push(detection)
    }
    await measure('backend-down', (detection) => this.backendDown(detection))
    await measure('frozen', (detection) => this.allSilent(detection, 'SIGSTOP'))
    await measure('woken', (detection) => this.wake(detection))
    await measure('lost', (detection) => this.allSilent(detection, 'SIGKILL'))
    return detections
  }

  private async backendDown(detection: Detection): Promise<void> {
    const { backend, view } = this.stage
    const known = view.changes.length
    await backend.goDown()
    await wait(DOWN_MS)
    await backend.comeBack()
    const backAt = Date.now()
    const heard = new Map<string, number>()
    while (heard.size < this.subjects.length && Date.now() < backAt + PATIENCE_MS) {
      await wait(LOOK_MS)
      for (const [id, at] of this.#lastHeartbeats) if (at >= backAt && !heard.has(id)) heard.set(id, at)
    }
    detection.samples.push(...[...heard.values()].map((at) => at - backAt))
    // Until the grace is over, in which nobody is judged.
    await wait(Math.max(0, backAt + staleThresholdMs + LATENESS_MS - Date.now()))
    const wrong = view.changes.slice(known).filter(({ worker }) => worker.status === 'offline')
    for (const { worker } of wrong)
      detection.faults.push(`${worker.name} was marked ${worker.offline?.reason}`)
    const deaf = this.subjects.length - heard.size
    if (deaf > 0) detection.faults.push(`${deaf} were not heard again`)
  }

  private async allSilent(detection: Detection, signal: 'SIGSTOP' | 'SIGKILL'): Promise<void> {
    const { view } = this.stage
    for (const { running } of this.subjects) running.signal(signal, 'tree')
    await Promise.all(
      this.subjects.map(async ({ made: { workerId } }) => {
        try {
          const shown = await view.until(workerId, ({ status }) => status === 'offline', PATIENCE_MS)
          detection.samples.push(shown.wallAt - (this.#lastHeartbeats.get(workerId) ?? 0))
          const reason = shown.worker.offline?.reason
          if (reason !== 'stale') detection.faults.push(`shown as ${reason}`)
        } catch (error: unknown) {
          detection.faults.push(`not shown ${String(error)}`)
        }
      }),
    )
  }

  private async wake(detection: Detection): Promise<void> {
    for (const { made, running } of this.subjects) {
      const epoch = this.stage.view.worker(made.workerId)?.epoch
      const wokenAt = performance.now()
      running.signal('SIGCONT', 'tree')
      try {
        const isBack = ({ status }: { status: string }) => status === 'online'
        const { at, worker } = await this.stage.view.until(made.workerId, isBack, 10 * WAKING_MS)
        detection.samples.push(at - wokenAt)
        if (worker.epoch !== epoch) detection.faults.push('it was started again')
      } catch (error: unknown) {
        detection.faults.push(`not shown ${String(error)}`)
      }
    }
  }
}
