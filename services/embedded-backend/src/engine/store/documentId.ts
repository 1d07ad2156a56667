import { randomBytes } from 'node:crypto'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const RANDOM_BYTES = 16
/** 16 bytes in base 32. */
const RANDOM_CHARS = 26

/**
 * A new id for `table`: 128 random bits, then the table's name, both in base 32. Libraries use ids as capabilities, so
 * the bits come from the cryptographic source and nothing in an id counts up.
 */
export function newDocumentId(table: string): string {
  return toBase32(randomBytes(RANDOM_BYTES)) + toBase32(Buffer.from(table, 'utf8'))
}

/** 128 bits, so that the last digit holds only three: two strings must never name one document. */
const RANDOM_PART = /^[0-9a-hjkmnp-tv-z]{25}[048cgmrw]$/

/** The table an id belongs to; `null` for what is not an id. */
export function tableOfId(id: string): string | null {
  if (id.length <= RANDOM_CHARS || !RANDOM_PART.test(id.slice(0, RANDOM_CHARS))) return null
  const tail = id.slice(RANDOM_CHARS)
  const known = tables.get(tail)
  if (known !== undefined) return known
  const table = decodeTable(tail)
  // What is no table is not remembered: anybody may send any amount of it.
  if (table !== null && tables.size < MAX_KNOWN_TABLES) tables.set(tail, table)
  return table
}

/** Asked for with every id, and always the same few. */
const tables = new Map<string, string>()
const MAX_KNOWN_TABLES = 1_000

function decodeTable(tail: string): string | null {
  const table = fromBase32(tail)
  // Only the canonical spelling is an id.
  if (table === null || toBase32(table) !== tail) return null
  const name = table.toString('utf8')
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : null
}

function toBase32(bytes: Uint8Array): string {
  let text = ''
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ALPHABET.charAt((held >> bits) & 31)
    }
    held &= (1 << bits) - 1
  }
  return bits > 0 ? text + ALPHABET.charAt((held << (5 - bits)) & 31) : text
}

function fromBase32(text: string): Buffer | null {
  const bytes: number[] = []
  let held = 0
  let bits = 0
  for (const char of text) {
    const value = ALPHABET.indexOf(char)
    if (value < 0) return null
    held = (held << 5) | value
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push((held >> bits) & 255)
      held &= (1 << bits) - 1
    }
  }
  return Buffer.from(bytes)
}
