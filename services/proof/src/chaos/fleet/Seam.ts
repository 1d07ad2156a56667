import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'

const LENGTH = 64
/** An order is read within so long; milliseconds. */
export const READ_MS = 250

/** The file by which the programs of one worker are reached, see `programs/seam.js`. Must be closed. */
export class Seam {
  private readonly descriptor: number
  private offsetMs = 0
  private order = { at: -READ_MS, number: 0, text: '' }

  constructor(readonly path: string) {
    this.descriptor = openSync(path, 'w')
    writeFileSync(this.listenerPath, '')
    this.write()
  }

  /** Whether this process would get an order: a worker that was just born does not listen yet, and the file holds one order only. */
  isHeardBy(pid: number): boolean {
    if (performance.now() - this.order.at < READ_MS) return false
    return readFileSync(this.listenerPath, 'utf8') === String(pid)
  }

  /** Sets the wall clock forward, or back. */
  shiftClock(byMs: number): void {
    this.offsetMs += byMs
    this.write()
  }

  block(ms: number): void {
    this.give(`block ${ms}`)
  }

  throwUp(how: 'exception' | 'rejection'): void {
    this.give(how)
  }

  close(): void {
    closeSync(this.descriptor)
  }

  private get listenerPath(): string {
    return `${this.path}.listener`
  }

  private give(text: string): void {
    this.order = { at: performance.now(), number: this.order.number + 1, text }
    this.write()
  }

  /** In one piece, so that nobody reads half of it. */
  private write(): void {
    const { number, text } = this.order
    writeSync(this.descriptor, `${this.offsetMs} ${number} ${text}`.padEnd(LENGTH), 0)
  }
}
