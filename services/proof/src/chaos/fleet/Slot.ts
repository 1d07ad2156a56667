import { scriptedProviderConfig } from '@rollcall/scripted-model'
import { emptyCatalog } from '@rollcall/worker/empty-catalog'
import { hermeticOpencodeEnv } from '@rollcall/worker/hermetic-env'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Claim, NetworkSpan, WorkerHistory } from '../oracle/history'
import type { Span } from '../oracle/Spans'
import type { Random } from '../random'
import { supervisorTimes } from '../times'
import { LogRing } from './LogRing'
import { Network } from './Network'
import type { Programs } from './preparePrograms'
import type { RolledWorker } from './Roll'
import { Run } from './Run'
import { Seam } from './Seam'

/** How long its person takes to start a worker again that has ended: at once, or longer than any promise. Milliseconds. */
const SOON = { least: 200, most: 1_500 }
const LATER = { least: 7_000, most: 12_000 }
const LATER_PERCENT = 30

/** One after the other in one slot, where the one before was revoked. */
export interface SlotWorker {
  rolled: RolledWorker
  history: Omit<WorkerHistory, 'claims' | 'runs'> & { claims: Claim[]; runs: Run[] }
}

export interface SlotOptions {
  index: number
  isReal: boolean
  folder: string
  backendUrl: string
  modelUrl: string
  programs: Programs
  random: Random
  /** In the environment of all that it starts: by it they are found. */
  mark: string
}

/** A place in the fleet: a worker with its own network, clock and folder, which somebody starts again whenever it has ended. */
export class Slot {
  readonly log = new LogRing()
  readonly workers: SlotWorker[] = []
  readonly networkSpans: NetworkSpan[] = []
  /** When anything at all was done to it. */
  readonly troubles: Span[] = []
  private downSince: number | undefined
  private restMs = 0
  /** In the last part of a round nobody waits. */
  isHurried = false

  private constructor(
    private readonly options: SlotOptions,
    readonly network: Network,
    readonly seam: Seam,
    private readonly env: Record<string, string>,
  ) {}

  static async make(options: SlotOptions, rolled: RolledWorker): Promise<Slot> {
    const { folder, backendUrl, random } = options
    const work = join(folder, 'work')
    await mkdir(work, { recursive: true })
    const network = await Network.to(backendUrl, random)
    const slot = new Slot(options, network, new Seam(join(folder, 'seam')), await environment(options, work))
    slot.assign(rolled)
    return slot
  }

  get index(): number {
    return this.options.index
  }

  get isReal(): boolean {
    return this.options.isReal
  }

  /** Where a light opencode notes what it was asked. */
  get promptsFile(): string {
    return join(this.options.folder, 'prompts')
  }

  get worker(): SlotWorker {
    const worker = this.workers.at(-1)
    if (!worker) throw new Error('a slot has a worker from the beginning')
    return worker
  }

  /** The newest start of the token. */
  get run(): Run | undefined {
    return this.worker.history.runs.at(-1)
  }

  get runs(): Run[] {
    return this.workers.flatMap(({ history }) => history.runs)
  }

  /** From now on it is another worker's. */
  assign(rolled: RolledWorker): void {
    const name = `${this.options.index}${this.isReal ? ' (real)' : ''} ${rolled.workerId}`
    this.workers.push({ rolled, history: { name, claims: [], runs: [], network: this.networkSpans } })
  }

  start(): Run {
    const { programs, isReal } = this.options
    const { rolled, history } = this.worker
    const seam = isReal ? [] : ['--import', programs.seam]
    const worker = [...seam, programs.worker, ...(isReal ? [] : ['--obeys'])]
    const run = new Run({
      command: [process.execPath, ...seam, programs.supervise],
      log: this.log,
      env: {
        ...this.env,
        CONVEX_URL: this.network.url,
        WORKER_TOKEN: rolled.token,
        WORKER_PROGRAM: JSON.stringify(worker),
        SUPERVISOR_TIMES: JSON.stringify(supervisorTimes),
      },
    })
    history.runs.push(run)
    this.downSince = undefined
    return run
  }

  /** Looks at all processes, and starts the worker again when nothing of it is left. `isClean`: no process of an earlier run lives. */
  tend(isClean: () => boolean): void {
    for (const run of this.runs) run.look()
    const isDown = this.worker.history.runs.every(({ overAt }) => overAt !== undefined)
    if (!isDown || this.worker.history.revokedAt !== undefined) return
    const now = performance.now()
    if (this.downSince === undefined) {
      this.downSince = now
      const { random } = this.options
      const rest = random.happens(LATER_PERCENT) ? LATER : SOON
      this.restMs = random.whole(rest.least, rest.most)
    }
    const restMs = this.isHurried ? 0 : this.restMs
    if (now - this.downSince >= restMs && isClean()) this.start()
  }

  async close(): Promise<void> {
    await this.network.close()
    this.seam.close()
  }
}

async function environment(options: SlotOptions, work: string): Promise<Record<string, string>> {
  const { folder, isReal, modelUrl, programs, mark, index } = options
  const hermetic = await hermeticOpencodeEnv(join(folder, 'home'))
  const common = {
    ...hermetic,
    WORKER_DIRECTORY: work,
    LOG_FORMAT: 'json',
    CHAOS_MARK: mark,
    CHAOS_SLOT: String(index),
    CHAOS_SEAM: join(folder, 'seam'),
  }
  if (!isReal)
    return { ...common, OPENCODE_BIN: programs.lightOpencode, LIGHT_PROMPTS: join(folder, 'prompts') }
  const config = {
    ...scriptedProviderConfig(modelUrl),
    autoupdate: false,
    share: 'disabled',
    snapshot: false,
  }
  return {
    ...common,
    ...emptyCatalog,
    OPENCODE_CONFIG_CONTENT: JSON.stringify({ ...config, lsp: false, formatter: false }),
  }
}
