import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { scriptedProviderConfig } from '@rollcall/scripted-model'
import { hermeticOpencodeEnv } from '../../src/infrastructure/opencode'
import type { SupervisorTimes } from '../../src/supervisor'
import { until } from '../setup'
import { emptyCatalog } from './emptyCatalog'

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const built = (name: string) => path(`../../dist/${name}.js`)

/** The commands of opencode and of its guard. */
export const opencodeCommand = /\bopencode\S* serve /
export const guardCommand = /\bguard\.js\b/

export interface LogLine {
  event?: string
  msg: string
  [field: string]: unknown
}

export interface WorkerOptions {
  url: string
  token: string
  modelUrl?: string
  /** More configuration for opencode. */
  opencode?: Record<string, unknown>
  env?: Record<string, string>
  /** A worker of `programs/` with something wrong, instead of the real one. */
  program?: 'crashingWorker' | 'hangingWorker'
  /** Puts a launcher that looks like pnpm above the supervisor; it then is what `supervisor` names. */
  launcher?: boolean
  /** The supervisor's times where they are not its own. */
  times?: Partial<SupervisorTimes>
}

/** A worker under its supervisor, as real processes away from the test's own group, with an opencode that knows only the scripted model. */
export class WorkerProcess {
  readonly #output: string[] = []
  readonly exited: Promise<number | null>

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.#output.push(text))
    }
    this.exited = new Promise((resolve) => child.once('close', resolve))
  }

  static async start({
    url,
    token,
    modelUrl,
    opencode = {},
    env,
    program,
    launcher = false,
    times = {},
  }: WorkerOptions): Promise<WorkerProcess> {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-worker-'))
    const hermetic = await hermeticOpencodeEnv(join(folder, 'opencode'))
    const supervise = built('test-supervise')
    const launch = [path('./programs/pnpm.js'), supervise]
    const child = spawn(process.execPath, launcher ? launch : [supervise], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...hermetic,
        ...emptyCatalog,
        CONVEX_URL: url,
        WORKER_TOKEN: token,
        WORKER_DIRECTORY: folder,
        LOG_FORMAT: 'json',
        E2E_FOLDER: folder,
        SUPERVISOR_TIMES: JSON.stringify(times),
        WORKER_PROGRAM: JSON.stringify([built(program ? `test-${program}` : 'index')]),
        ...(modelUrl !== undefined && { OPENCODE_CONFIG_CONTENT: opencodeConfig(modelUrl, opencode) }),
        ...env,
      },
    })
    return new WorkerProcess(child, folder)
  }

  get supervisorPid(): number {
    if (this.child.pid === undefined) throw new Error('the supervisor did not start')
    return this.child.pid
  }

  get output(): string {
    return this.#output.join('')
  }

  get lines(): LogLine[] {
    return this.output.split('\n').flatMap((line) => {
      try {
        return [JSON.parse(line) as LogLine]
      } catch {
        return []
      }
    })
  }

  /** Pid of the worker's own process, the latest one, from its log. */
  get pid(): number {
    return Number(this.lines.findLast(({ name }) => name === 'worker')?.['pid'])
  }

  seen(event: string): LogLine | undefined {
    return this.lines.find((line) => line.event === event)
  }

  /** The first such event, or the `nth`. */
  async event(event: string, { nth = 1, timeoutMs = 30_000 } = {}): Promise<LogLine> {
    try {
      return await until(
        `event ${event}, number ${nth}`,
        () => this.lines.filter((line) => line.event === event)[nth - 1],
        timeoutMs,
      )
    } catch (error: unknown) {
      throw new Error(`${String(error)}\n${this.output}`, { cause: error })
    }
  }

  /** Sends a signal to the supervisor's group, as a terminal or a launcher does, or to one process. */
  signal(signal: NodeJS.Signals, to: 'group' | 'supervisor' | 'worker' = 'group'): void {
    process.kill({ group: -this.supervisorPid, supervisor: this.supervisorPid, worker: this.pid }[to], signal)
  }

  /** Takes its terminal away: whatever it writes from now on fails. */
  closeOutput(): void {
    this.child.stdout?.destroy()
    this.child.stderr?.destroy()
  }

  /** The one whose command matches. */
  async processNamed(command: RegExp): Promise<number> {
    return await until(
      `a process ${command.source}`,
      () => this.processes().find((pid) => command.test(commandOf(pid))),
      40_000,
    )
  }

  /**
   * Pids of whatever still runs with this worker's folder in its environment: supervisor, worker, opencode and what that
   * started; and of the guards, which have no environment, by the worker's log.
   */
  processes(): number[] {
    const marked = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => environmentOf(pid).includes(this.folder))
      .map(Number)
    const guards = this.lines
      .flatMap(({ guardPid }) => (typeof guardPid === 'number' ? [guardPid] : []))
      .filter((pid) => guardCommand.test(commandOf(pid)))
    return [...marked, ...new Set(guards)]
  }

  /** Ends what is left, which is nothing if the test went well, and removes its files. */
  async dispose(): Promise<void> {
    const left = this.processes()
    for (const pid of left) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // Ended between the two.
      }
    }
    await this.exited
    await until('no process left', () => this.processes().length === 0)
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    return ''
  }
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8')
  } catch {
    return ''
  }
}

function opencodeConfig(modelUrl: string, more: Record<string, unknown>): string {
  return JSON.stringify({
    ...scriptedProviderConfig(modelUrl),
    autoupdate: false,
    share: 'disabled',
    snapshot: false,
    lsp: false,
    formatter: false,
    ...more,
  })
}
