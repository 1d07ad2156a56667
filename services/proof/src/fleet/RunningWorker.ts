import { emptyCatalog } from '@rollcall/worker/empty-catalog'
import { hermeticOpencodeEnv } from '@rollcall/worker/hermetic-env'
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parentsOfAll, signalAll, treeOf, untilGone } from './processTree'

const repo = join(import.meta.dirname, '../../../..')

/** As the script `start` of the root ends. */
const program = ['--max-semi-space-size=1', '--no-opt', join(repo, 'services/cli/dist/index.js'), 'start']

/** Longer than a drain may take, and than opencode's guard gives it. */
const ENDING_MS = 20_000

/** What a person types, or what comes of it in the end: without the launchers, as a service manager starts it. */
export type Launch = 'npx' | 'node'

const commands: Record<Launch, { file: string; args: string[] }> = {
  npx: { file: 'npx', args: ['--yes', 'pnpm@12', 'start'] },
  node: { file: process.execPath, args: program },
}

/** Which processes a signal goes to; `group`: all of the job, as from a terminal. */
export type Target = 'group' | 'npx' | 'pnpm' | 'supervisor' | 'worker' | 'both' | 'tree'

export interface RunningOptions {
  /** Of the backend; undefined: the command starts one of its own. */
  url?: string
  token?: string
  launch?: Launch
  env?: Record<string, string>
}

/**
 * A worker as people run it, in a process group of its own, with the real opencode, which knows no model and reads nothing of
 * the person's who measures. Must be ended.
 */
export class RunningWorker {
  static readonly #running = new Set<RunningWorker>()
  #pids: Partial<Record<'npx' | 'pnpm' | 'supervisor' | 'worker', number>> = {}
  #tree: number[] = []
  #output = ''
  /** When the command was given, on `performance.now()`. */
  readonly startedAt = performance.now()

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    private readonly launch: Launch,
  ) {
    RunningWorker.#running.add(this)
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text))
    }
  }

  static async start({ url, token, launch = 'node', env = {} }: RunningOptions): Promise<RunningWorker> {
    const folder = await mkdtemp(join(tmpdir(), 'rollcall-proof-'))
    const { PATH = '', HOME = '' } = process.env
    const { file, args } = commands[launch]
    const child = spawn(file, args, {
      cwd: repo,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...(await hermeticOpencodeEnv(join(folder, 'home'))),
        ...emptyCatalog,
        PATH,
        // npx would fetch pnpm again each time.
        npm_config_cache: process.env['npm_config_cache'] ?? join(HOME, '.npm'),
        CONVEX_URL: url ?? '',
        WORKER_TOKEN: token ?? '',
        WORKER_DIRECTORY: folder,
        ROLLCALL_DATA_DIR: join(folder, 'data'),
        LOG_FORMAT: 'json',
        ...env,
      },
    })
    return new RunningWorker(child, folder, launch)
  }

  /** For when this process is told to stop: ends all that were started and not ended. */
  static async endAll(): Promise<void> {
    await Promise.all([...RunningWorker.#running].map((worker) => worker.end()))
  }

  /** What it printed so far. */
  get output(): string {
    return this.#output
  }

  /** Learns which processes there are, once its worker is up, and who is who; `workerPid` as the backend knows it. */
  async locate(workerPid: number): Promise<void> {
    const parents = await parentsOfAll()
    const supervisor = parents.get(workerPid)
    this.#pids = { npx: this.root, worker: workerPid }
    if (supervisor === undefined) throw new Error(`the worker ${workerPid} does not run\n${this.#output}`)
    this.#pids.supervisor = supervisor
    if (this.launch === 'npx') this.#pids.pnpm = parents.get(supervisor)
    this.#tree = await treeOf(this.root)
  }

  /** Must be located. Takes no longer than the system calls. */
  signal(signal: NodeJS.Signals, target: Target): void {
    switch (target) {
      case 'group':
        process.kill(-this.root, signal)
        return
      case 'tree':
        signalAll(this.#tree, signal)
        return
      case 'both':
        signalAll([this.pid('supervisor'), this.pid('worker')], signal)
        return
      case 'npx':
      case 'pnpm':
      case 'supervisor':
      case 'worker':
        process.kill(this.pid(target), signal)
        return
      default:
        target satisfies never
    }
  }

  /** Has what is left of it drain, and removes its files. Answers the processes that had to be killed, which should be none. */
  async end(): Promise<number[]> {
    RunningWorker.#running.delete(this)
    const { supervisor } = this.#pids
    const tree = new Set([...this.#tree, ...(await treeOf(supervisor ?? this.root))])
    signalAll([supervisor ?? this.root], 'SIGTERM')
    // What a sleeping process is told it does when it wakes.
    signalAll([...tree], 'SIGCONT')
    const left = await untilGone([...tree], ENDING_MS)
    signalAll(left, 'SIGKILL')
    await untilGone(left, ENDING_MS)
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 })
    return left
  }

  private get root(): number {
    if (this.child.pid === undefined) throw new Error('the command did not start')
    return this.child.pid
  }

  private pid(of: 'npx' | 'pnpm' | 'supervisor' | 'worker'): number {
    const pid = this.#pids[of]
    if (pid === undefined) throw new Error(`there is no ${of} to be signalled`)
    return pid
  }
}
