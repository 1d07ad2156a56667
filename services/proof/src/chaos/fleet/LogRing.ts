import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

const KEPT = 1_000

/** The last lines that a program printed. */
export class LogRing {
  private readonly lines: { at: number; line: string }[] = []

  /** `onLine`: called with each line as it comes. */
  take(stream: Readable | null, onLine: (line: string) => void = () => {}): void {
    if (stream === null) return
    createInterface({ input: stream }).on('line', (line) => {
      this.lines.push({ at: performance.now(), line })
      if (this.lines.length > KEPT) this.lines.shift()
      onLine(line)
    })
  }

  get text(): string {
    return this.lines.map(({ line }) => line).join('\n')
  }

  /** Those that came from `from` to `to`, each with its time. */
  between(from: number, to: number): { at: number; line: string }[] {
    return this.lines.filter(({ at }) => at >= from && at <= to)
  }
}
