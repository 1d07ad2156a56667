import { readdirSync, watch, type FSWatcher } from 'node:fs'
import { join } from 'node:path'

/** Editors write a file in several steps, and people save several files at once. */
const SETTLE_MS = 150

const passedOver = ['node_modules', 'dist']

/**
 * Tells of changes in folders and all below them, once for those that come together. Each folder is watched by itself: watching
 * recursively, Node 20 follows files on Linux, and loses one for good when an editor puts another in its place.
 */
export class FolderWatch {
  private readonly watchers = new Map<string, FSWatcher>()
  private settling: NodeJS.Timeout | null = null
  private isClosed = false
  private telling: Promise<void> = Promise.resolve()

  /** `onChange` must not reject; it is not called again before it is done. */
  constructor(
    private roots: readonly string[],
    private readonly onChange: () => Promise<void>,
    private readonly onError: (error: Error) => void,
  ) {
    this.look()
  }

  /** Watches these in place of those before. */
  follow(roots: readonly string[]): void {
    this.roots = roots
    this.look()
  }

  /** Resolves when what was told of last is done. */
  async close(): Promise<void> {
    this.isClosed = true
    if (this.settling) clearTimeout(this.settling)
    for (const watcher of this.watchers.values()) watcher.close()
    this.watchers.clear()
    await this.telling
  }

  private look(): void {
    if (this.isClosed) return
    const wanted = new Set(this.roots.flatMap(foldersBelow))
    for (const [folder, watcher] of this.watchers) {
      if (wanted.has(folder)) continue
      watcher.close()
      this.watchers.delete(folder)
    }
    for (const folder of wanted) {
      if (!this.watchers.has(folder)) this.add(folder)
    }
  }

  private add(folder: string): void {
    try {
      const watcher = watch(folder, () => this.settle())
      watcher.on('error', this.onError)
      this.watchers.set(folder, watcher)
    } catch (error: unknown) {
      this.onError(error instanceof Error ? error : new Error(String(error)))
    }
  }

  private settle(): void {
    if (this.settling) clearTimeout(this.settling)
    this.settling = setTimeout(() => {
      this.look()
      this.telling = this.telling.then(() => this.onChange())
    }, SETTLE_MS)
  }
}

/** Itself and all below it; none if it is not there. */
function foldersBelow(folder: string): string[] {
  try {
    const below = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !passedOver.includes(entry.name))
      .flatMap(({ name }) => foldersBelow(join(folder, name)))
    return [folder, ...below]
  } catch {
    return []
  }
}
