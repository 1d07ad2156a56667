import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { formatWorkerToken, limits, parseWorkerToken } from '@rollcall/backend/contract'
import { internal } from '@rollcall/backend/api'
import type { AdminApi } from '../backend/AdminApi'
import { UsageError } from '../errors'
import { NameClaim } from './NameClaim'
import { hashOf, randomSecret } from './secret'
import { folderName, TokenFile } from './TokenFile'

const DEFAULT_NAME = 'worker'
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

/** The workers that were started on this machine with the backend of this data folder, whether they run or not. */
export function workersOfThisMachine(dataDir: string): string[] {
  const folder = join(dataDir, 'workers')
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((name) => {
    const token = parseWorkerToken(new TokenFile(join(folder, name)).read()?.token ?? '')
    return token ? [token.workerId] : []
  })
}

/** The worker of this name, which nobody else uses now; undefined, and the claim released, if it was revoked. */
async function useName(
  api: AdminApi,
  { dataDir, name, folder }: { dataDir: string; name: string; folder: string },
  claim: NameClaim,
): Promise<LocalWorker | undefined> {
  try {
    const machineName = keptMachineName(dataDir)
    const file = new TokenFile(folder)
    const secret = parseWorkerToken(file.read()?.token ?? '')?.secret ?? randomSecret()
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
    file.write({ name, token })
    return { name, machineName, token, claim }
  } catch (error) {
    claim.release()
    throw error
  }
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
function cleanHostName(name: string): string {
  const printable = name.replace(/\p{Cc}/gu, '').trim()
  return printable.slice(0, limits.nameLength).trim() || 'this-machine'
}
