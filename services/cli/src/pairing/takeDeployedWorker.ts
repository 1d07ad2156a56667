import { hostname, userInfo } from 'node:os'
import { exitCodes } from '@rollcall/worker/exit-codes'
import type { Logger } from 'pino'
import type { NameClaim } from '../local/NameClaim'
import { askAboutToken } from './askAboutToken'
import { credentialsFolder, takeEntry } from './CredentialsEntry'
import { pair } from './pair'

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
          exitCode === exitCodes.revoked ||
          (exitCode === exitCodes.misconfigured && (await isRefused(url, worker.token)))
        if (isOver) file.remove()
        return isOver
      },
    }
  } catch (error) {
    claim.release()
    throw error
  }
}

async function isRefused(url: string, token: string): Promise<boolean> {
  return (await askAboutToken(url, token, new AbortController().signal)).kind === 'refused'
}

/** Users of containers may have no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}
