import type { CompletedCall } from './functions/FunctionRunner'
import { specType } from './functions/LoadedFunctions'
import type { LogEntry } from './types'

const KEPT = 1_000
const MS_PER_SECOND = 1_000

/** The last finished calls. A cursor is the number of entries there ever were. */
export class LogRing {
  private readonly entries: LogEntry[] = []
  private count = 0
  private readonly waiting = new Set<() => void>()
  private readonly listeners = new Set<(entry: LogEntry) => void>()

  add({ type, path, lines, result, startedAt, durationMs }: CompletedCall): void {
    const entry: LogEntry = {
      kind: 'Completion',
      udfType: specType(type),
      identifier: path,
      timestamp: startedAt / MS_PER_SECOND,
      executionTime: durationMs / MS_PER_SECOND,
      logLines: lines.map(({ level, messages, timestamp }) => ({
        ...{ messages, level, timestamp, isTruncated: false },
      })),
      error: result.kind === 'failed' ? result.failure.clientMessage : null,
    }
    this.entries.push(entry)
    this.count++
    if (this.entries.length > KEPT) this.entries.shift()
    for (const listener of this.listeners) listener(entry)
    this.wakeAll()
  }

  /** Calls `listener` with each entry, those that are kept first. */
  onEntry(listener: (entry: LogEntry) => void): () => void {
    for (const entry of this.entries) listener(entry)
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** Entries after `cursor`; waits up to `timeoutMs` for the first one. A cursor of an earlier process starts over. */
  async after(cursor: number, timeoutMs: number): Promise<{ entries: LogEntry[]; newCursor: number }> {
    const from = cursor > this.count ? 0 : cursor
    if (from === this.count && timeoutMs > 0) await this.next(timeoutMs)
    const missed = this.count - from
    return { entries: missed > 0 ? this.entries.slice(-missed) : [], newCursor: this.count }
  }

  /** Lets everybody who waits go; on closing. */
  wakeAll(): void {
    for (const wake of this.waiting) wake()
  }

  private async next(timeoutMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        this.waiting.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, timeoutMs)
      this.waiting.add(wake)
    })
  }
}
