import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { MARK, PATIENCE, processesMarked, repo, untilGone, type Workplace } from './Workplace'

export const hasTmux = (() => {
  try {
    execFileSync('tmux', ['-V'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

/** A terminal with an interactive shell in the repository, for what a person types. */
export class Terminal {
  readonly mark = randomUUID()
  private readonly socket = `rollcall-${this.mark}`
  private readonly log: string

  constructor(workplace: Workplace) {
    this.log = join(workplace.dataDir, `terminal-${this.mark}.log`)
    const variables = Object.entries({ ...workplace.environment(this.mark), PS1: '$ ', ENV: '' })
    const set = variables.flatMap(([name, value]) => ['-e', `${name}=${value}`])
    this.tmux(
      '-f',
      '/dev/null',
      'new-session',
      '-d',
      '-s',
      'main',
      '-x',
      '160',
      '-y',
      '50',
      '-c',
      repo,
      ...set,
      '/bin/sh',
    )
    this.tmux('pipe-pane', '-t', 'main', `cat > '${this.log}'`)
  }

  type(line: string): void {
    this.tmux('send-keys', '-t', 'main', line, 'Enter')
  }

  press(key: string): void {
    this.tmux('send-keys', '-t', 'main', key)
  }

  /** As by the window's own button: the shell and what runs in it get SIGHUP. */
  close(): void {
    try {
      this.tmux('kill-server')
    } catch {
      // Closed already.
    }
  }

  /** Closes it. Fails if something does not end by that, and ends it. */
  async dispose(): Promise<void> {
    this.close()
    try {
      await untilGone(this)
    } finally {
      for (const { pid } of processesMarked(this.mark)) {
        try {
          process.kill(pid, 'SIGKILL')
        } catch {
          // Gone by itself in between.
        }
      }
    }
  }

  /** Everything that appeared so far. */
  printed(): string {
    try {
      return readFileSync(this.log, 'utf8').replaceAll('\r', '')
    } catch {
      return ''
    }
  }

  async untilPrinted(text: string | RegExp): Promise<void> {
    await vi.waitFor(() => expect(this.printed()).toMatch(text), PATIENCE)
  }

  /** Nothing is left of what was typed but the shell. */
  async untilIdle(): Promise<void> {
    const commands = () => processesMarked(this.mark).filter(({ command }) => command !== '/bin/sh')
    await vi.waitFor(() => expect(commands()).toEqual([]), PATIENCE)
  }

  private tmux(...args: string[]): void {
    // The server belongs to the first command and would count as left behind if it carried the mark of a test around it.
    const env = { ...process.env, [MARK]: '' }
    execFileSync('tmux', ['-L', this.socket, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  }
}
