import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { limits } from '@rollcall/backend/contract'
import { UsageError } from '../errors'
import { NameClaim, type Claimed } from '../local/NameClaim'
import { folderName, TokenFile, type KeptToken } from '../local/TokenFile'

const DEFAULT_NAME = 'worker'

/** The place of one worker's token, held by this process alone until `claim` is released. */
export interface CredentialsEntry {
  /** The worker's, or what it would like to be called while it has no token. */
  name: string
  kept: KeptToken | undefined
  file: TokenFile
  claim: NameClaim
}

/** Where the tokens for a deployment are kept, each in a folder of its own. */
export function credentialsFolder(configDir: string, url: string): string {
  const { host, pathname } = new URL(url)
  return join(configDir, folderName(`${host}${pathname}`.replace(/\/+$/, '').replace(/[:/]/g, '_')))
}

/** Whether a token is kept there, whoever uses it now. */
export function hasKeptToken(folder: string): boolean {
  return existsSync(folder) && entriesIn(folder).some((entry) => new TokenFile(entry).read() !== undefined)
}

/**
 * Takes the entry of this name; without a name any that has a token which no living process uses, else the first free one.
 * Throws `UsageError` if the one asked for is in use, or if tokens cannot be kept there.
 */
export async function takeEntry(folder: string, name: string | undefined): Promise<CredentialsEntry> {
  makeFolder(folder)
  if (name !== undefined) {
    const claimed = await claimIn(join(folder, folderName(name)), name)
    if (claimed.kind === 'taken') return claimed.entry
    throw new UsageError([
      `WORKER_NAME: a worker named "${name}" already runs here (pid ${claimed.by.pid}). Choose another name, or stop that one.`,
    ])
  }
  for (const entryFolder of entriesIn(folder)) {
    if (new TokenFile(entryFolder).read() === undefined) continue
    const claimed = await claimIn(entryFolder, DEFAULT_NAME)
    if (claimed.kind !== 'taken') continue
    if (claimed.entry.kept) return claimed.entry
    claimed.entry.claim.release()
  }
  for (let number = 1; number <= limits.workersPerMachine; number++) {
    const free = number === 1 ? DEFAULT_NAME : `${DEFAULT_NAME}-${number}`
    const claimed = await claimIn(join(folder, free), free)
    if (claimed.kind === 'taken') return claimed.entry
  }
  throw new UsageError([`All ${limits.workersPerMachine} workers that a machine may have run already.`], 1)
}

type ClaimedEntry = { kind: 'taken'; entry: CredentialsEntry } | Extract<Claimed, { kind: 'held' }>

async function claimIn(folder: string, name: string): Promise<ClaimedEntry> {
  const claimed = await NameClaim.take(folder)
  if (claimed.kind === 'held') return claimed
  const file = new TokenFile(folder)
  const kept = file.read()
  return { kind: 'taken', entry: { name: kept?.name ?? name, kept, file, claim: claimed.claim } }
}

function entriesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(folder, entry.name))
    .sort()
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
  } catch (error: unknown) {
    const why = error instanceof Error ? error.message : String(error)
    throw new UsageError([
      `ROLLCALL_CONFIG_DIR must be a folder where tokens can be kept, and ${folder} is none: ${why}`,
    ])
  }
}
