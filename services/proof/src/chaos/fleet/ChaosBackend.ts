import { nodeFlags } from '@rollcall/embedded-backend/node-flags'
import { callAsAdmin } from '@rollcall/web/callAsAdmin'
import { signingKeys } from '@rollcall/web/signingKeys'
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Random } from '../random'
import { LogRing } from './LogRing'

const program = join(import.meta.dirname, '../../../../embedded-backend/dist/main.js')

/** Below the range from which outgoing connections take theirs, so that the port is still free after a restart. */
const PORTS = { least: 15_000, most: 31_000 }

/** The embedded backend as a process of its own, durable, that can be killed, started again, paused, and deprived of its disk. */
export class ChaosBackend {
  readonly log = new LogRing()
  private child: ChildProcess | undefined

  private constructor(
    private readonly functionsDir: string,
    private readonly dataDir: string,
    private readonly port: number,
    private readonly environment: Record<string, string>,
  ) {}

  /** Throws if it does not start. */
  static async start(functionsDir: string, dataDir: string, random: Random): Promise<ChaosBackend> {
    const port = await freePort(random)
    const environment = { ...signingKeys(), SITE_URL: 'http://127.0.0.1' }
    const backend = new ChaosBackend(functionsDir, dataDir, port, environment)
    await backend.begin()
    return backend
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async adminKey(): Promise<string> {
    return (await readFile(join(this.dataDir, 'admin-key'), 'utf8')).trim()
  }

  /** Calls any function, an internal one too. */
  async call(path: string, args: Record<string, unknown>): Promise<unknown> {
    return await callAsAdmin({ url: this.url, adminKey: await this.adminKey() }, path, args)
  }

  /** Starts it, again on the same data and port. */
  async begin(): Promise<void> {
    const given = Object.entries(this.environment).flatMap(([name, value]) => ['--env', `${name}=${value}`])
    const args = ['--functions', this.functionsDir, '--data', this.dataDir, '--port', String(this.port)]
    const child = spawn(process.execPath, [...nodeFlags, program, ...args, '--lifeline', ...given], {
      stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
      env: { ...process.env, LOG_LEVEL: 'warn', LOG_FORMAT: 'json' },
      // A Ctrl+C is for us: it ends when we do.
      detached: true,
    })
    this.child = child
    for (const stream of [child.stdout, child.stderr]) this.log.take(stream)
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => Promise.reject(new Error(`the backend ended: ${this.log.text}`))),
    ])
  }

  /** Ends it by this signal, and waits until it is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const { child } = this
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }

  pause(): void {
    this.child?.kill('SIGSTOP')
  }

  resume(): void {
    this.child?.kill('SIGCONT')
  }

  /** Whether there is a tool that takes a process's disk away. */
  static async canFillDisk(): Promise<boolean> {
    return await prlimit(process.pid, '').then(
      () => true,
      () => false,
    )
  }

  /** No file may grow any further: to the program, its disk is full. */
  async fillDisk(): Promise<void> {
    const pid = this.child?.pid
    if (pid === undefined) return
    const logs = (await readdir(this.dataDir)).filter((name) => /^log-\d+$/.test(name))
    const ends = await Promise.all(logs.map((name) => endOfRecords(join(this.dataDir, name))))
    await prlimit(pid, `${Math.max(1, ...ends)}:`)
  }

  async freeDisk(): Promise<void> {
    const pid = this.child?.pid
    if (pid !== undefined) await prlimit(pid, 'unlimited:').catch(() => undefined)
  }
}

/** The limit on the size of files, of a process of one's own; `''` only asks for it. */
async function prlimit(pid: number, limit: string): Promise<void> {
  await promisify(execFile)('prlimit', ['--pid', String(pid), limit === '' ? '--fsize' : `--fsize=${limit}`])
}

/** A log has zeros ahead of what is written (`LogFile.ts`): with those, its file would have room for more. */
async function endOfRecords(path: string): Promise<number> {
  return (await readFile(path)).findLastIndex((byte) => byte !== 0) + 1
}

async function freePort(random: Random): Promise<number> {
  for (;;) {
    const port = random.whole(PORTS.least, PORTS.most)
    const server = createServer()
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!isFree) continue
    await new Promise((resolve) => server.close(resolve))
    return port
  }
}
