import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const program = join(import.meta.dirname, 'openPages.ts')
const OPENING_MS = 180_000

/** Open pages, in a process of their own. Must be closed. */
export class PageProcess {
  private constructor(private readonly child: ChildProcess) {}

  /** Resolves when every page was told everything that it follows; throws if that takes longer than anybody would wait. */
  static async open(url: string, count: number, tokens: readonly string[]): Promise<PageProcess> {
    const child = fork(program, [url, String(count), ...tokens], { execArgv: ['--import', 'tsx'] })
    const pages = new PageProcess(child)
    try {
      await once(child, 'message', { signal: AbortSignal.timeout(OPENING_MS) })
      return pages
    } catch (cause: unknown) {
      await pages.close()
      throw new Error(`the pages are not open after ${OPENING_MS} ms`, { cause })
    }
  }

  /** How often something of them was told again. */
  async updates(): Promise<number> {
    const answer = once(this.child, 'message')
    this.child.send('updates')
    const [updates] = (await answer) as [number]
    return updates
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null) return
    const exited = once(this.child, 'exit')
    this.child.disconnect()
    await exited
  }
}
