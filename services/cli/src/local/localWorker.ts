import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { formatWorkerToken, limits, parseWorkerToken } from '@rollcall/backend/contract'
import { internal } from '@rollcall/backend/api'
import type { AdminApi } from '../backend/AdminApi'
import { UsageError } from '../errors'
import { NameClaim } from './NameClaim'

const DEFAULT_NAME = 'worker'
const SECRET_BYTES = 32
const OWNER_ONLY = 0o600

export interface LocalWorker {
  name: string
  machineName: string
  token: string
  claim: NameClaim
}

/**
 * Takes a worker of this machine that no living process uses (the one asked for, or the first free of `worker`, `worker-2` …)
 * and makes sure that the backend knows it. Throws `UsageError` if the one asked for is in use, or was revoked.
 */
export async function takeLocalWorker(
  api: AdminApi,
  options: { dataDir: string; name: string | undefined },
): Promise<LocalWorker> {
  for (let number = 1; number <= limits.workersPerMachine; number++) {
    const name = options.name ?? (number === 1 ? DEFAULT_NAME : `${DEFAULT_NAME}-${number}`)
    const folder = join(options.dataDir, 'workers', folderName(name))
    const claimed = await NameClaim.take(folder)
    const taken =
      claimed.kind === 'taken' ? await useName(api, { ...options, name, folder }, claimed.claim) : undefined
    if (taken) return taken
    if (options.name !== undefined) {
      throw new UsageError([
        claimed.kind === 'taken'
          ? `WORKER_NAME: the worker "${name}" was revoked. Choose another name.`
          : `WORKER_NAME: a worker named "${name}" already runs here (pid ${claimed.by.pid}). Choose another name, or stop that one.`,
      ])
    }
  }
  throw new UsageError([`All ${limits.workersPerMachine} workers that a machine may have run already.`], 1)
}

/** The worker of this name, which nobody else uses now; undefined, and the claim released, if it was revoked. */
async function useName(
  api: AdminApi,
  { dataDir, name, folder }: { dataDir: string; name: string; folder: string },
  claim: NameClaim,
): Promise<LocalWorker | undefined> {
  try {
    const machineName = keptMachineName(dataDir)
    const file = join(folder, 'token.json')
    const secret = keptToken(file)?.secret ?? randomSecret()
    const ensured = await api.run(internal.localOwner.ensureWorker, {
      machineName,
      workerName: name,
      secretHash: hashOf(secret),
    })
    if (ensured === 'revoked') {
      claim.release()
      return undefined
    }
    const token = formatWorkerToken({ ...ensured, secret })
    writePrivately(file, { name, token })
    return { name, machineName, token, claim }
  } catch (error) {
    claim.release()
    throw error
  }
}

/** A one-time sign-in link to the page for the local owner, valid for `limits.signInLinkMs`. */
export async function makeSignInLink(api: AdminApi): Promise<string> {
  const secret = randomSecret()
  await api.run(internal.localOwner.createSignInLink, { tokenHash: hashOf(secret) })
  return `${api.url}/sign-in#link=${secret}`
}

/** Names may hold anything printable, folders may not. */
function folderName(name: string): string {
  return /^\w[\w.-]*$/.test(name) ? name : `name-${hashOf(name).slice(0, 32)}`
}

/** The host's name as it was at the first start: laptops change theirs with the network, and would leave machines behind. */
function keptMachineName(dataDir: string): string {
  const file = join(dataDir, 'machine-name')
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    const name = cleanHostName(hostname())
    writeFileSync(file, `${name}\n`, { mode: OWNER_ONLY })
    return name
  }
}

/** A host's name as a machine may be called. */
export function cleanHostName(name: string): string {
  const printable = name.replace(/\p{Cc}/gu, '').trim()
  return printable.slice(0, limits.nameLength).trim() || 'this-machine'
}

function keptToken(file: string) {
  try {
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof kept !== 'object' || kept === null || !('token' in kept)) return undefined
    return typeof kept.token === 'string' ? parseWorkerToken(kept.token) : undefined
  } catch {
    return undefined
  }
}

function writePrivately(file: string, content: object): void {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(content)}\n`, { mode: OWNER_ONLY })
  renameSync(draft, file)
}

const randomSecret = () => randomBytes(SECRET_BYTES).toString('base64url')

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
