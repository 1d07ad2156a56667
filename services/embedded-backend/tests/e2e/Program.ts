import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { fixtureDir } from '../protocol/startTestBackend'

export const serviceDir = join(import.meta.dirname, '../..')
const main = join(serviceDir, 'dist/main.js')

interface LogLine {
  event: string
  [field: string]: unknown
}

/** The backend as its own process, killed at the latest when the test is over. */
export class Program {
  stdout = ''
  stderr = ''
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>

  private constructor(readonly child: ChildProcess) {
    child.stdout?.on('data', (data: Buffer) => void (this.stdout += data.toString()))
    child.stderr?.on('data', (data: Buffer) => void (this.stderr += data.toString()))
    this.exited = once(child, 'exit').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
    }))
    onTestFinished(async () => {
      child.kill('SIGKILL')
      await this.exited
    })
  }

  static start(
    args: string[],
    options: { stdio?: StdioOptions; env?: Record<string, string> } = {},
  ): Program {
    const child = spawn(process.execPath, [main, ...args], {
      cwd: serviceDir,
      stdio: options.stdio ?? ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LOG_FORMAT: 'json', LOG_LEVEL: 'info', ...options.env },
    })
    return new Program(child)
  }

  static onFixture(dataDir: string, args: string[] = [], options: { stdio?: StdioOptions } = {}): Program {
    return Program.start(['--functions', fixtureDir, '--data', dataDir, '--port', '0', ...args], options)
  }

  events(): LogLine[] {
    const lines = this.stdout.split('\n').filter((line) => line.startsWith('{'))
    return lines.map((line) => JSON.parse(line) as LogLine)
  }

  async until(event: string, count = 1): Promise<LogLine> {
    return vi.waitFor(
      () => {
        const found = this.events().filter((line) => line.event === event)[count - 1]
        if (!found) throw new Error(`no ${event} in: ${this.stdout}${this.stderr}`)
        return found
      },
      { timeout: 15_000, interval: 20 },
    )
  }

  async ready(): Promise<{ url: string; port: number }> {
    const { url, port } = await this.until('backend.ready')
    return { url: String(url), port: Number(port) }
  }
}
