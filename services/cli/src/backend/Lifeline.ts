import { execFileSync } from 'node:child_process'
import { closeSync, constants, createWriteStream, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'

/**
 * A pipe that says by its end that nobody is left who needs the backend: its write end is held by this process and by the
 * worker that it is handed to, its read end is a backend's standard input. It belongs to no backend, so that a backend
 * started later can hang on it as well.
 */
export class Lifeline {
  private constructor(
    /** For the `stdio` of the backend. */
    readonly readEnd: number,
    /** For whoever keeps the backend alive along with this process; nothing is ever written. */
    readonly writeEnd: Writable,
    private readonly writeFd: number,
  ) {}

  /** Node makes no pipes of its own; `mkfifo` is in POSIX. The file is gone again when this returns. */
  static make(): Lifeline {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-lifeline-'))
    try {
      const path = join(folder, 'pipe')
      execFileSync('mkfifo', ['-m', '600', path])
      // Opening for reading first, without waiting for a writer, lets the second open return at once.
      const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
      const writeFd = openSync(path, constants.O_WRONLY)
      return new Lifeline(readEnd, createWriteStream('', { fd: writeFd, autoClose: false }), writeFd)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }

  /** Lets go of it; backends end once every other holder is gone. To be called once. */
  drop(): void {
    closeSync(this.writeFd)
    closeSync(this.readEnd)
  }
}
