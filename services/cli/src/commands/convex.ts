import { findDeployment } from '../backend/findDeployment'
import type { Config } from '../config'
import { convexEnvironment } from '../convexCli/convexEnvironment'
import { onlyAsksForHelp } from '../convexCli/onlyAsksForHelp'
import { runInTerminal } from '../convexCli/runInTerminal'
import { servedElsewhere } from '../convexCli/servedElsewhere'
import { UsageError } from '../errors'
import { convexProgram, paths } from '../paths'

export interface ConvexContext {
  config: Config
  /** What follows `convex`, as it was typed. */
  typed: readonly string[]
  stop: AbortSignal
}

/**
 * Runs the official Convex CLI in `services/backend` against the deployment of `CONVEX_URL`, or the embedded backend that runs
 * on this machine. Answers what it ended with. Throws `UsageError`.
 */
export async function convex({ config, typed, stop }: ConvexContext): Promise<number> {
  const { dataDir, environment } = config
  const isEmbedded = config.convexUrl === undefined
  const run = (env: Record<string, string | undefined>) =>
    runInTerminal({
      program: process.execPath,
      args: [convexProgram(), ...typed],
      cwd: paths.backend,
      ...{ env, stop },
    })
  if (onlyAsksForHelp(typed)) return await run(convexEnvironment(environment, undefined))
  const { url, adminKey } = await findDeployment(config, 'there is nothing to ask')
  const instead = isEmbedded ? servedElsewhere(typed, { url, dataDir }) : undefined
  if (instead !== undefined) throw new UsageError([instead])
  return await run(convexEnvironment(environment, { url, adminKey, isEmbedded }))
}
