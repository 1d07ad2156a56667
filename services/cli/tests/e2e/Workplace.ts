import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hermeticOpencodeEnv } from '@rollcall/worker/hermetic-env'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import { findBackend } from '../../src/backend/BackendRecord'
import { identityOf } from '../../src/local/processIdentity'
import type { FleetWorker } from '../../src/status/Fleet'
import { fetchFleet } from '../../src/status/fetchFleet'

export const repo = fileURLToPath(new URL('../../../../', import.meta.url))
const program = 'services/cli/dist/index.js'

/** Marks a command and everything that it starts, however deep. */
export const MARK = 'ROLLCALL_TEST_RUN'

/** Generous: the machine that runs the tests may be small and busy. */
export const PATIENCE = { timeout: 45_000, interval: 50 }

export interface Command {
  child: ChildProcess
  pid: number
  mark: string
  /** What it printed so far, on both outputs. */
  output: () => string
  /** Exit code, or the signal that ended it. */
  exit: Promise<number | NodeJS.Signals | null>
}

export interface RunOptions {
  env?: Record<string, string>
  /** In a process group of its own, as a shell's job is. */
  ownGroup?: boolean
}

/** A data folder and a port of its own, and what was started there. Everything is gone when the file's tests are over. */
export class Workplace {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'rollcall-cli-'))
  port = 0
  /** Where opencode keeps its things: nothing of the person's who runs the tests is read or written. */
  home: Record<string, string> = {}
  private readonly commands: Command[] = []

  /** The command as `pnpm start` and the like run it in the end. */
  rollcall(args: readonly string[], options: RunOptions = {}): Command {
    return this.run(process.execPath, [program, ...args], options)
  }

  run(file: string, args: readonly string[], { env = {}, ownGroup = false }: RunOptions = {}): Command {
    const mark = randomUUID()
    const child = spawn(file, args, {
      cwd: repo,
      detached: ownGroup,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...this.environment(mark), ...env },
    })
    let printed = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (printed += chunk.toString()))
    }
    const exit = new Promise<number | NodeJS.Signals | null>((resolve) => {
      child.once('exit', (code, signal) => resolve(code ?? signal))
    })
    if (child.pid === undefined) throw new Error(`${file} cannot be started`)
    const command = { child, pid: child.pid, mark, output: () => printed, exit }
    this.commands.push(command)
    return command
  }

  /** Nothing of the person's who runs the tests, except what finds programs. */
  environment(mark: string): Record<string, string> {
    const { PATH = '', HOME = '' } = process.env
    return {
      ...this.home,
      PATH,
      // npx would fetch pnpm again for each test.
      npm_config_cache: process.env['npm_config_cache'] ?? join(HOME, '.npm'),
      [MARK]: mark,
      ROLLCALL_DATA_DIR: this.dataDir,
      ROLLCALL_PORT: String(this.port),
      CONVEX_URL: '',
      WORKER_TOKEN: '',
      LOG_FORMAT: 'json',
    }
  }

  /** A worker by name, asked of the backend itself; undefined while there is none, or no backend. */
  async worker(name: string): Promise<FleetWorker | undefined> {
    const found = await findBackend(this.dataDir)
    if (!found) return undefined
    const { machines } = await fetchFleet(found.api)
    return machines.flatMap(({ workers }) => workers).find((worker) => worker.name === name)
  }

  async untilWorker(name: string, expected: Partial<FleetWorker>): Promise<void> {
    await vi.waitFor(async () => expect(await this.worker(name)).toMatchObject(expected), PATIENCE)
  }

  /** What `worker` shows once it is ready after a start from now on: an earlier run's last status does not count. */
  async nextRun(name = 'worker'): Promise<Partial<FleetWorker>> {
    const epoch = (await this.worker(name))?.epoch ?? 0
    return { status: 'online', phase: 'ready', epoch: epoch + 1 }
  }

  async close(): Promise<void> {
    const marked = this.commands.flatMap(({ mark }) => processesMarked(mark))
    for (const { pid } of marked) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // Gone by itself in between.
      }
    }
    await vi.waitFor(
      () => expect(this.commands.flatMap(({ mark }) => processesMarked(mark))).toEqual([]),
      PATIENCE,
    )
    rmSync(this.dataDir, { recursive: true, force: true })
    expect(marked).toEqual([])
  }
}

/** One for all tests of a file. A file whose tests leave a process fails. */
export function useWorkplace(): Workplace {
  const workplace = new Workplace()
  beforeAll(async () => {
    workplace.port = await freePort()
    workplace.home = {
      ...(await hermeticOpencodeEnv(join(workplace.dataDir, 'home'))),
      // opencode takes two seconds of processor time for its own, of all providers' models.
      OPENCODE_MODELS_PATH: join(repo, 'services/worker/tests/e2e/emptyCatalog.json'),
    }
  })
  afterAll(() => workplace.close())
  return workplace
}

/** Linux only, like the machines that run the tests: processes that inherited the mark. */
export function processesMarked(mark: string): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        if (!readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(`${MARK}=${mark}`)) return []
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
        return identityOf(Number(name)) ? [{ pid: Number(name), command }] : []
      } catch {
        return []
      }
    })
}

export async function untilGone({ mark }: { mark: string }): Promise<void> {
  await vi.waitFor(() => expect(processesMarked(mark)).toEqual([]), PATIENCE)
}

/** Fails as soon as the command has ended without printing it. */
export async function untilPrinted(command: Command, text: string | RegExp): Promise<void> {
  const printed = vi.waitFor(() => expect(command.output()).toMatch(text), PATIENCE)
  await Promise.race([printed, command.exit.then(() => expect(command.output()).toMatch(text))])
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No free port')
  return address.port
}
