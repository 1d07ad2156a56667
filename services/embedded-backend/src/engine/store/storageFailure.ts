import { EmbeddedBackendError, type EmbeddedBackendErrorCode } from '../../errors'

const CODES: Record<string, EmbeddedBackendErrorCode> = {
  ENOSPC: 'DATA_FOLDER_FULL',
  EDQUOT: 'DATA_FOLDER_FULL',
  EROFS: 'DATA_FOLDER_READ_ONLY',
}

/** Why the data folder cannot be written, in one line for whoever can mend it. */
export function storageFailure(dataDir: string, cause: unknown): EmbeddedBackendError {
  if (cause instanceof EmbeddedBackendError) return cause
  const reason = (cause as NodeJS.ErrnoException | null)?.code ?? 'unknown error'
  const code = CODES[reason] ?? 'DATA_FOLDER_UNUSABLE'
  return new EmbeddedBackendError(code, sentence(code, dataDir, reason), { cause })
}

function sentence(code: EmbeddedBackendErrorCode, dataDir: string, reason: string): string {
  if (code === 'DATA_FOLDER_FULL')
    return `The disk of the data folder ${dataDir} is full (${reason}); free some space`
  if (code === 'DATA_FOLDER_READ_ONLY')
    return `The data folder ${dataDir} is on a read-only file system (${reason}); make it writable, or choose another`
  return `The data folder ${dataDir} cannot be used (${reason}); choose one that can be written`
}
