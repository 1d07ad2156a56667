import { api } from '@rollcall/backend/api'
import { startScriptedModel, type ScriptedModelServer } from '@rollcall/scripted-model'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Violation } from '../oracle/history'
import { OrphanWatch, leftOf } from '../oracle/OrphanWatch'
import { PageWatch } from '../oracle/PageWatch'
import { NEVER, type Span } from '../oracle/Spans'
import { Random } from '../random'
import { settings } from '../times'
import { ChaosBackend } from './ChaosBackend'
import { preparePrograms } from './preparePrograms'
import { commandOf, identify, send } from './processes'
import { Roll } from './Roll'
import { Slot } from './Slot'

/** How often every process is looked at; milliseconds. */
const LOOK_MS = 100
const MARKED_EVERY_MS = 1_000
const POLL_MS = 100
/** Between two workers that are asked to end; milliseconds. */
const STOP_APART_MS = 300

export interface FleetOptions {
  seed: number
  light: number
  real: number
  slackMs: number
  /** In place of the real ones: see `bugs.ts`. */
  functionsDir: string
  workerProgram: string | undefined
  onViolation: (violation: Violation) => void
}

/** Backend, page and workers, real processes all of them. Must be closed, whatever happens: nothing is left then. */
export class Fleet {
  readonly slots: Slot[] = []
  readonly pages: PageWatch[] = []
  /** When the backend was down, stood still or could not write. */
  readonly backendSpans: Span[] = []
  readonly orphans: OrphanWatch
  readonly mark = randomUUID()
  canFillDisk = false
  private marked: ReturnType<OrphanWatch['marked']> = []
  private looking: NodeJS.Timeout | undefined
  private lookedAt = 0
  private isAbandoned = false
  private closing: Promise<void> | undefined

  private constructor(
    private readonly folder: string,
    readonly backend: ChaosBackend,
    readonly roll: Roll,
    private readonly model: ScriptedModelServer,
    private readonly options: FleetOptions,
  ) {
    const { mark } = this
    this.orphans = new OrphanWatch({ mark, slackMs: options.slackMs, runs: () => this.runs() })
  }

  static async start(options: FleetOptions): Promise<Fleet> {
    const { seed, light, real, functionsDir, workerProgram } = options
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-chaos-'))
    const programs = await preparePrograms(join(folder, 'programs'), workerProgram)
    const random = new Random(seed)
    const backend = await ChaosBackend.start(functionsDir, join(folder, 'data'), random)
    await backend.call('settings:update', { ...settings, isSignUpOpen: true })
    const model = await startScriptedModel()
    const fleet = new Fleet(folder, backend, await Roll.open(backend.url), model, options)
    fleet.canFillDisk = await ChaosBackend.canFillDisk()
    for (let index = 0; index < light + real; index += 1) {
      const own = { index, isReal: index >= light, folder: join(folder, String(index)), mark: fleet.mark }
      const shared = { backendUrl: backend.url, modelUrl: model.url, programs }
      const slot = await Slot.make(
        { ...own, ...shared, random: new Random(seed + index) },
        await fleet.roll.add(),
      )
      fleet.slots.push(slot)
      slot.start()
    }
    fleet.openPages()
    fleet.looking = setInterval(() => fleet.look(), LOOK_MS)
    return fleet
  }

  /** Revokes the slot's worker; once what ran in it has ended, the slot goes on with another one. Ends early when the round does. */
  async replace(slot: Slot): Promise<void> {
    const { workerId, owner } = slot.worker.rolled
    const isOver = () => slot.runs.every(({ overAt }) => overAt !== undefined)
    await this.insist(() => owner.client.mutation(api.workerAccess.revoke, { workerId }))
    while (!this.isAbandoned && !isOver()) await wait(POLL_MS)
    const rolled = await this.insist(() => this.roll.add(owner))
    if (rolled) slot.assign(rolled)
  }

  /** Nothing is begun any more. */
  abandon(): void {
    this.isAbandoned = true
  }

  /** Tries until the backend, which may be away, has done it. */
  private async insist<T>(work: () => Promise<T>): Promise<T | undefined> {
    while (!this.isAbandoned) {
      try {
        return await work()
      } catch {
        await wait(POLL_MS)
      }
    }
    return undefined
  }

  /** Whether the page shows every worker as ready, or busy. */
  get isReady(): boolean {
    return this.slots.every(({ worker }) => {
      const last = worker.history.claims.at(-1)
      return last?.status === 'online' && (last.phase === 'ready' || last.phase === 'busy')
    })
  }

  /** What is not as it should be, for a person. */
  get unready(): string {
    return this.slots
      .flatMap(({ worker }) => {
        const { status, phase, reason } = worker.history.claims.at(-1) ?? {}
        return phase === 'ready' || phase === 'busy'
          ? []
          : `${worker.history.name}: ${status} ${phase ?? reason}`
      })
      .join('; ')
  }

  /** Asks every worker to end, one after the other: all at once is more than a machine does in a second. Answers who lives on after `patienceMs`, and of which worker. */
  async stopWorkers(patienceMs: number): Promise<{ name: string; text: string }[]> {
    clearInterval(this.looking)
    const look = () => {
      for (const { runs } of this.slots) for (const run of runs) run.look()
    }
    for (const run of this.slots.flatMap(({ runs }) => runs)) {
      const top = run.member('supervisor') ?? run.member('worker')
      run.ask()
      if (top === undefined) continue
      send(top, 'SIGTERM')
      await wait(STOP_APART_MS)
      look()
    }
    const until = performance.now() + patienceMs
    for (;;) {
      look()
      const left = this.orphans.left()
      const judged = new Set(left.map(({ pid }) => pid))
      const living = this.runs()
        .flatMap(({ name, run }) => run.all.map((process) => ({ name, ...process })))
        .filter(({ deadAt, pid }) => deadAt === undefined && !judged.has(pid))
      const wrong = [...left.filter(({ isExcused }) => !isExcused), ...living]
      if (wrong.length === 0) return []
      if (performance.now() > until) {
        return wrong.map(({ name, pid }) => ({
          name,
          text: `pid ${pid} (${commandOf(pid).slice(0, 100)}) lives on although everybody was told to stop`,
        }))
      }
      await wait(POLL_MS)
    }
  }

  /** Ends whatever is left, and removes all files. Idempotent. */
  close(): Promise<void> {
    return (this.closing ??= this.end())
  }

  private async end(): Promise<void> {
    this.abandon()
    clearInterval(this.looking)
    await Promise.all(this.pages.map((page) => page.close()))
    for (let isOver = false; !isOver;) {
      const runs = this.slots.flatMap(({ runs: all }) => all)
      for (const run of runs) run.look()
      const known = runs.flatMap(({ all }) => all.filter(({ deadAt }) => deadAt === undefined))
      const marked = this.orphans.marked().flatMap(({ pid }) => identify(pid) ?? [])
      for (const target of [...known, ...marked]) send(target, 'SIGKILL')
      isOver = known.length === 0 && marked.length === 0
      if (!isOver) await wait(POLL_MS)
    }
    await Promise.all(this.slots.map((slot) => slot.close()))
    this.backend.resume()
    await this.backend.end('SIGKILL')
    await this.model.close()
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }

  private openPages(): void {
    const all = () => this.slots.flatMap(({ workers }) => workers)
    for (const owner of this.roll.owners) {
      this.pages.push(
        new PageWatch({
          ...{ url: this.backend.url, owner, onViolation: this.options.onViolation },
          claimsOf: (workerId) => all().find(({ rolled }) => rolled.workerId === workerId)?.history.claims,
        }),
      )
    }
  }

  private look(): void {
    const now = performance.now()
    if (now - this.lookedAt > MARKED_EVERY_MS) {
      this.marked = this.orphans.marked()
      this.lookedAt = now
      for (const violation of this.orphans.violations()) this.options.onViolation(violation)
    }
    for (const slot of this.slots) slot.tend(() => this.isClean(slot))
  }

  /** Whether nothing is left of the runs of a slot; what a guard could not end, the next run of the worker will. */
  private isClean({ runs }: Slot): boolean {
    const left = runs.flatMap((run) => leftOf(run, this.marked))
    return left.every(({ owner }) => performance.now() - (owner.deadAt ?? NEVER) > 15_000)
  }

  private runs() {
    return this.slots.flatMap(({ workers }) =>
      workers.flatMap(({ history }) =>
        history.runs.map((run, index) => {
          const readyAgain = history.runs
            .slice(index + 1)
            .some((next) =>
              next.workers.some(({ pid }) =>
                history.claims.some(
                  (claim) =>
                    claim.pid === pid && claim.phase === 'ready' && performance.now() - claim.from > 5_000,
                ),
              ),
            )
          return { name: history.name, run, isSucceeded: readyAgain }
        }),
      ),
    )
  }
}
