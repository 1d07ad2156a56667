import type { JSONValue } from 'convex/values'
import { crc32 } from 'node:zlib'

/** One line of a log or snapshot file: the documents that a group of commits left, and those it removed. */
export interface LogRecord {
  /** Nanoseconds since 1970, as decimal digits. */
  ts: string
  put: { _id: string; [field: string]: JSONValue }[]
  remove: string[]
  /** Only in a snapshot's last record: how many documents it holds. */
  total?: number
}

export type ReadRecord =
  { kind: 'record'; record: LogRecord; end: number } | { kind: 'broken'; start: number; isLast: boolean }

const CHECKSUM_CHARS = 8
const NEWLINE = 10

/** `put` are documents' JSON texts, spliced in as they are. Checksum, a space, JSON, a newline. */
export function encodeRecord(
  ts: bigint,
  put: readonly string[],
  remove: readonly string[],
  total?: number,
): Buffer {
  const totalField = total === undefined ? '' : `,"total":${total}`
  const json = Buffer.from(
    `{"ts":"${ts}","put":[${put.join(',')}],"remove":${JSON.stringify(remove)}${totalField}}`,
  )
  return Buffer.concat([Buffer.from(`${checksum(json)} `), json, Buffer.from('\n')])
}

/** Reads records until the end, which may be zeros (see `LogFile`), or the first broken one. */
export function* readRecords(bytes: Buffer): Generator<ReadRecord, void> {
  const file = bytes.subarray(0, withoutZeros(bytes))
  for (let start = 0; start < file.length;) {
    const newline = file.indexOf(NEWLINE, start)
    const end = newline < 0 ? file.length : newline + 1
    const json = file.subarray(start + CHECKSUM_CHARS + 1, end - 1)
    const expected = file.toString('latin1', start, start + CHECKSUM_CHARS)
    if (newline < 0 || checksum(json) !== expected) {
      yield { kind: 'broken', start, isLast: end === file.length }
      return
    }
    yield { kind: 'record', record: JSON.parse(json.toString('utf8')) as LogRecord, end }
    start = end
  }
}

/** Where the zeros begin that `bytes` end with. */
function withoutZeros(bytes: Buffer): number {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end--
  return end
}

function checksum(bytes: Buffer): string {
  return crc32(bytes).toString(16).padStart(CHECKSUM_CHARS, '0')
}
