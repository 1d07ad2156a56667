import type { Config } from '../config'
import { AdminKeyRefusedError, BackendCallError, RefusalError, UsageError } from '../errors'
import { AdminApi } from './AdminApi'
import { findBackend } from './BackendRecord'

/**
 * The deployment of `CONVEX_URL`, or the embedded backend that runs on this machine. `lack` is what follows when there is none.
 * Throws `UsageError`.
 */
export async function findDeployment(
  { convexUrl, deployKey, dataDir }: Config,
  lack: string,
): Promise<AdminApi> {
  if (convexUrl !== undefined) {
    if (deployKey !== undefined) return new AdminApi(convexUrl, deployKey)
    throw new UsageError([
      'CONVEX_DEPLOY_KEY must be set along with CONVEX_URL: make one in the deployment’s settings.',
    ])
  }
  const found = await findBackend(dataDir)
  if (found) return found.api
  throw new UsageError(
    [`No backend runs on ${dataDir}, so ${lack}. Start it with \`pnpm start\` or \`pnpm dev\`.`],
    1,
  )
}

/** What a person can do about a call that failed; `lack` begins the line where that is not clear. */
export function explainUnanswered({ url }: AdminApi, error: unknown, lack: string): UsageError {
  if (error instanceof RefusalError) return new UsageError([error.message])
  if (error instanceof AdminKeyRefusedError) {
    return new UsageError([
      `CONVEX_DEPLOY_KEY is not a key of ${url}. Make one in the deployment’s settings.`,
    ])
  }
  const why = error instanceof BackendCallError ? error.message : `nobody answers at ${url}`
  return new UsageError([`${lack}: ${why}`], 1)
}
