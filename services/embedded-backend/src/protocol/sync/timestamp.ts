/** A timestamp as the wire carries it: base64 of a little-endian u64. */
export function encodeTimestamp(ts: bigint): string {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(ts)
  return bytes.toString('base64')
}

/** `undefined` for what is no timestamp. */
export function decodeTimestamp(encoded: string): bigint | undefined {
  const bytes = Buffer.from(encoded, 'base64')
  return bytes.length === 8 ? bytes.readBigUInt64LE() : undefined
}
