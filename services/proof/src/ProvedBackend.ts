import { nodeFlags } from '@rollcall/embedded-backend/node-flags'
import { callAsAdmin } from '@rollcall/web/callAsAdmin'
import { signingKeys } from '@rollcall/web/signingKeys'
import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const program = join(import.meta.dirname, '../../embedded-backend/dist/main.js')

/** The embedded backend as people run it: a process of its own, durable, on a data folder and a port of its own. Must be stopped. */
export class ProvedBackend {
  private constructor(
    private child: ChildProcess,
    private readonly args: readonly string[],
    readonly dataDir: string,
    private readonly metricsToken: string,
    readonly url: string,
    readonly adminKey: string,
  ) {}

  /** Throws if it does not start; what it printed is shown then. */
  static async start(functionsDir: string): Promise<ProvedBackend> {
    const dataDir = await mkdtemp(join(tmpdir(), 'rollcall-proof-'))
    const metricsToken = randomBytes(32).toString('hex')
    const env = { ...signingKeys(), SITE_URL: 'http://127.0.0.1', METRICS_TOKEN: metricsToken }
    const given = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`])
    const args = ['--functions', functionsDir, '--data', dataDir, '--lifeline', ...given]
    const { child, url } = await run([...args, '--port', '0'])
    const adminKey = (await readFile(join(dataDir, 'admin-key'), 'utf8')).trim()
    return new ProvedBackend(child, args, dataDir, metricsToken, url, adminKey)
  }

  /** Ends its process; its data and its address stay, for `comeBack`. */
  async goDown(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const { child } = this
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }

  /** Starts it again after `goDown`. */
  async comeBack(): Promise<void> {
    this.child = (await run([...this.args, '--port', new URL(this.url).port])).child
  }

  /** Calls any function, an internal one too. */
  async call(path: string, args: Record<string, unknown>): Promise<unknown> {
    return await callAsAdmin(this, path, args)
  }

  /** `/metrics`, in Prometheus's text format. */
  async metrics(): Promise<string> {
    const headers = { authorization: `Bearer ${this.metricsToken}`, connection: 'close' }
    return await (await fetch(`${this.url}/http/metrics`, { headers })).text()
  }

  /** Resident memory, in bytes; undefined where there is no `/proc`. */
  async residentBytes(): Promise<number | undefined> {
    const status = await readFile(`/proc/${this.child.pid}/status`, 'utf8').catch(() => '')
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? []
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024
  }

  async stop(): Promise<void> {
    await this.goDown()
    await rm(this.dataDir, { recursive: true })
  }
}

async function run(args: readonly string[]): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [...nodeFlags, program, ...args], {
    // What it warns of is not part of the result.
    stdio: ['pipe', process.stderr, process.stderr, 'ipc'],
    env: { ...process.env, LOG_LEVEL: 'warn' },
  })
  const [told] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('the backend ended before it was ready'))),
  ])) as [{ url: string }]
  child.once('exit', (code, signal) => {
    if (code !== 0 && signal !== 'SIGKILL') {
      process.stderr.write(`The backend ended: ${signal ?? `exit code ${code}`}.\n`)
    }
  })
  return { child, url: told.url }
}
