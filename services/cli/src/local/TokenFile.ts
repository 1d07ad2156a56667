import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseWorkerToken } from '@rollcall/backend/contract'
import { hashOf } from './secret'

const OWNER_ONLY = 0o600

export interface KeptToken {
  /** The worker's. */
  name: string
  token: string
}

/** A worker's token as it is kept on this machine, for its owner only. To be written by whoever holds the folder's `NameClaim`. */
export class TokenFile {
  private readonly path: string

  /** `folder` is the worker's own. */
  constructor(folder: string) {
    this.path = join(folder, 'token.json')
  }

  /** Undefined if there is none, or none that is whole. */
  read(): KeptToken | undefined {
    try {
      const kept = JSON.parse(readFileSync(this.path, 'utf8')) as Partial<Record<string, unknown>> | null
      const { name, token } = kept ?? {}
      if (typeof name !== 'string' || typeof token !== 'string') return undefined
      return parseWorkerToken(token) && { name, token }
    } catch {
      return undefined
    }
  }

  /** Whoever reads meanwhile finds the former token or this one. The folder must exist. */
  write({ name, token }: KeptToken): void {
    const draft = `${this.path}.${process.pid}`
    writeFileSync(draft, `${JSON.stringify({ name, token })}\n`, { mode: OWNER_ONLY })
    renameSync(draft, this.path)
  }

  remove(): void {
    rmSync(this.path, { force: true })
  }
}

/** The folder's name for a worker's: names may hold anything printable, folders may not. */
export function folderName(name: string): string {
  return /^\w[\w.-]*$/.test(name) ? name : `name-${hashOf(name).slice(0, 32)}`
}
