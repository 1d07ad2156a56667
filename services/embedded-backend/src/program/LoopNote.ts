const BEATS = 0
const PATH_LENGTH = 1
const NUMBERS_BYTES = 8
/** Of the path of a function, at most. */
const PATH_BYTES = 256

/** What the main thread leaves, in memory that both see, for the thread that watches it. */
export class LoopNote {
  private readonly numbers: Int32Array
  private readonly path: Buffer

  constructor(readonly memory = new SharedArrayBuffer(NUMBERS_BYTES + PATH_BYTES)) {
    this.numbers = new Int32Array(memory, 0, 2)
    this.path = Buffer.from(memory, NUMBERS_BYTES, PATH_BYTES)
  }

  /** A sign that the event loop turns. */
  beat(): void {
    Atomics.add(this.numbers, BEATS, 1)
  }

  get beats(): number {
    return Atomics.load(this.numbers, BEATS)
  }

  began(path: string): void {
    Atomics.store(this.numbers, PATH_LENGTH, this.path.write(path))
  }

  /** Which function began last; empty before the first. */
  get latest(): string {
    return this.path.toString('utf8', 0, Atomics.load(this.numbers, PATH_LENGTH))
  }
}
