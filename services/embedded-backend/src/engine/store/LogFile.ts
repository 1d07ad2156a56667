import { constants, type FileHandle, type open } from 'node:fs/promises'

/**
 * Zeros that are written behind a record when the file ends there. The records after it take their place, so the disk has only to keep
 * bytes, not to note that the file has grown: that takes half the time (ext4: no commit of the journal), and is held up less by others.
 */
const AHEAD_BYTES = 1 << 16

/** A log's file: records, and behind them perhaps zeros. */
export class LogFile {
  private constructor(
    private readonly file: FileHandle,
    private recordBytes: number,
    /** Records and zeros. */
    private size: number,
  ) {}

  /** Makes the file, or goes on behind the `recordBytes` that it has. */
  static async open(path: string, recordBytes: number, openFile: typeof open): Promise<LogFile> {
    const file = await openFile(path, constants.O_RDWR | constants.O_CREAT)
    return new LogFile(file, recordBytes, recordBytes)
  }

  /** Of all records. */
  get bytes(): number {
    return this.recordBytes
  }

  /** Resolves when `record` is on the disk. What a failure leaves behind the records has to be cut off before the next one. */
  async append(record: Buffer): Promise<void> {
    const end = this.recordBytes + record.length
    const ahead = end > this.size ? AHEAD_BYTES : 0
    await this.write(ahead > 0 ? Buffer.concat([record, Buffer.alloc(ahead)]) : record)
    await this.file.datasync()
    this.recordBytes = end
    this.size = Math.max(this.size, end + ahead)
  }

  /** Drops whatever is behind the records. */
  async cut(): Promise<void> {
    await this.file.truncate(this.recordBytes)
    this.size = this.recordBytes
  }

  async close(): Promise<void> {
    // Zeros do no harm.
    await this.cut().catch(() => undefined)
    await this.file.close()
  }

  private async write(bytes: Buffer): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const position = this.recordBytes + done
      done += (await this.file.write(bytes, done, bytes.length - done, position)).bytesWritten
    }
  }
}
