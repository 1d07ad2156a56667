import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EmbeddedBackendError } from '../errors'

const KEY_BYTES = 32
const OWNER_ONLY = 0o600

/**
 * The key kept in `<dataDir>/admin-key`, made at the first start; only its owner may read the file. For `':memory:'` a new one
 * each time. The caller holds the data folder's lock.
 */
export async function loadAdminKey(dataDir: string): Promise<string> {
  if (dataDir === ':memory:') return newKey()
  const file = join(dataDir, 'admin-key')
  const kept = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw unusable(file, error)
  })
  try {
    if (kept.trim() !== '') {
      await chmod(file, OWNER_ONLY)
      return kept.trim()
    }
    const key = newKey()
    await writeFile(file, `${key}\n`, { mode: OWNER_ONLY })
    return key
  } catch (error) {
    throw unusable(file, error)
  }
}

/** Takes as long for a near miss as for any other. */
export function isAdminKey(candidate: string, key: string): boolean {
  return timingSafeEqual(digest(candidate), digest(key))
}

function newKey(): string {
  return randomBytes(KEY_BYTES).toString('hex')
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function unusable(file: string, cause: unknown): EmbeddedBackendError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new EmbeddedBackendError('DATA_FOLDER_UNUSABLE', `Cannot read or write ${file}: ${why}`, { cause })
}
