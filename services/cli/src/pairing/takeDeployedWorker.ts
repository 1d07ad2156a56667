import { hostname, userInfo } from 'node:os'
import { api } from '@rollcall/backend/api'
import { parseWorkerToken, type ErrorCode } from '@rollcall/backend/contract'
import type { Logger } from 'pino'
import { callPublic } from '../backend/callPublic'
import type { NameClaim } from '../local/NameClaim'
import { credentialsFolder, takeEntry } from './CredentialsEntry'
import { pair } from './pair'

/** What the worker's process exits with when it was revoked, and when a person has to change something. */
const REVOKED = 4
const MISCONFIGURED = 2

const codesOfTheToken: readonly ErrorCode[] = [
  'WORKER_UNKNOWN',
  'WRONG_SECRET',
  'TOKEN_EXPIRED',
  'WORKER_REVOKED',
]

export interface DeployedWorker {
  name: string
  token: string
  claim: NameClaim
  /** To be called with the exit code of the worker, while the claim is held. Answers whether the token is of no use and was removed. */
  forgetIfRefused(exitCode: number): Promise<boolean>
}

/**
 * Takes a worker of a deployment: one whose token is kept on this machine and not in use, else one that somebody lets join.
 * Throws `UsageError`, and the reason of `stop` when that is aborted.
 */
export async function takeDeployedWorker(options: {
  url: string
  configDir: string
  name: string | undefined
  /** Where opencode will work. */
  directory: string
  logger: Logger
  stop: AbortSignal
}): Promise<DeployedWorker> {
  const { url, directory, logger, stop } = options
  const { name, kept, file, claim } = await takeEntry(credentialsFolder(options.configDir, url), options.name)
  const join = async () => {
    const host = { hostname: hostname(), user: userName(), directory, workerName: name }
    const joined = await pair({ url, host, logger, stop })
    file.write(joined)
    return joined
  }
  try {
    const worker = kept ?? (await join())
    return {
      ...worker,
      claim,
      forgetIfRefused: async (exitCode) => {
        const isOver =
          exitCode === REVOKED || (exitCode === MISCONFIGURED && (await isRefused(url, worker.token)))
        if (isOver) file.remove()
        return isOver
      },
    }
  } catch (error) {
    claim.release()
    throw error
  }
}

/** Asks with an epoch that is never open, so that it changes and reveals nothing; the token is checked before the epoch. */
async function isRefused(url: string, token: string): Promise<boolean> {
  const { workerId = '', secret = '' } = parseWorkerToken(token) ?? {}
  const place = { url, stop: new AbortController().signal }
  const answer = await callPublic(place, 'query', api.workers.self, {
    credentials: { workerId, secret, epoch: 0 },
  })
  return answer.kind === 'refused' && codesOfTheToken.includes(answer.refusal.code)
}

/** Users of containers may have no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}
