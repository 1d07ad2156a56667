import { setMaxListeners } from 'node:events'
import { join } from 'node:path'
import { limits, type StopCause } from '@rollcall/backend/contract'
import { explainUnanswered, findDeployment } from '../backend/findDeployment'
import type { AdminApi } from '../backend/AdminApi'
import type { Config } from '../config'
import { BackendCallError, UsageError } from '../errors'
import { NameClaim } from '../local/NameClaim'
import { makeLocalSignInLink } from '../local/signInLink'
import { Owner } from '../local/Owner'
import { planFleet } from '../seed/planFleet'
import { removeFleet } from '../seed/removeFleet'
import { readSeedChoice, type SeedChoice, type TypedSeedChoice } from '../seed/seedChoice'
import { SeededFleet, type Goodbye } from '../seed/SeededFleet'
import { SeedRecord } from '../seed/SeedRecord'
import { StopRequested, toldToStop } from '../listenForStop'
import { complain, overwrite, say } from '../terminal'

export interface SeedContext {
  config: Config
  stop: AbortSignal
  typed: TypedSeedChoice
  /** Only remove what an earlier one has made. */
  remove: boolean
}

/**
 * Puts a made-up fleet into the embedded backend of this data folder, in place of an earlier one, and keeps it alive until told to
 * stop. Answers 0, or 1 if somebody may be shown as online who is gone. Throws `UsageError`, `StopRequested`.
 */
export async function seed({ config, stop, typed, remove }: SeedContext): Promise<number> {
  const choice = readSeedChoice(typed)
  if (config.convexUrl !== undefined) {
    throw new UsageError([
      'CONVEX_URL is set: `pnpm seed` fills the embedded backend only, so that no made-up fleet gets among a real one. Unset it.',
    ])
  }
  const admin = await findDeployment(config, 'there is nothing to fill')
  const claimed = await NameClaim.take(join(config.dataDir, 'seeding'))
  if (claimed.kind === 'held') {
    throw new UsageError([`A seeded fleet is running already (pid ${claimed.by.pid}). Stop it first.`])
  }
  try {
    const owner = await Owner.signIn(admin)
    const record = new SeedRecord(config.dataDir)
    try {
      const removed = await removeFleet(owner, record)
      if (!remove) return await keepFleet({ admin, owner, record, choice, stop })
      say(removed === 0 ? 'There is no seeded fleet.' : `Removed the seeded fleet: ${machines(removed)}.`)
      return 0
    } finally {
      await owner.signOut().catch(() => undefined)
    }
  } catch (error: unknown) {
    if (!(error instanceof BackendCallError)) throw error
    throw explainUnanswered(admin, error, 'The fleet was not made to its end')
  } finally {
    claimed.claim.release()
  }
}

interface Keeping {
  admin: AdminApi
  owner: Owner
  record: SeedRecord
  choice: SeedChoice
  stop: AbortSignal
}

async function keepFleet({ admin, owner, record, choice, stop }: Keeping): Promise<number> {
  const others = await owner.machines()
  const room = limits.machinesPerOwner - others.length
  if (choice.machines > room) {
    throw new UsageError([
      `--machines must be at most ${room}: there are ${machines(others.length)} already, of at most ${limits.machinesPerOwner}.`,
    ])
  }
  const taken = others.map(({ name }) => name)
  const ending = new AbortController()
  // Each worker waits for it.
  setMaxListeners(0, ending.signal)
  stop.addEventListener('abort', () => ending.abort(stop.reason), { once: true })
  const fleet = new SeededFleet({ url: admin.url, owner, record, stop: ending.signal })
  let goodbye: Goodbye | undefined
  try {
    stop.throwIfAborted()
    await fleet.make(planFleet(choice, taken), (made) =>
      overwrite(
        `${made.machines} of ${machines(choice.machines)}, ${made.workers} of ${choice.workers} workers`,
      ),
    )
    overwrite('')
    say(
      [
        '',
        `  Fleet    ${choice.workers} workers on ${machines(choice.machines)}   (the same again: --seed ${choice.seed})`,
        `  Page     ${admin.url}`,
        `  Sign in  ${await makeLocalSignInLink(admin)}   (once, within 10 minutes)`,
        '  Remove   pnpm seed --remove, once this has stopped',
        '  Stop     Ctrl+C',
        '',
      ].join('\n'),
    )
    await toldToStop(stop)
  } catch (error: unknown) {
    if (!stop.aborted) throw error
  } finally {
    ending.abort()
    overwrite('')
    goodbye = await fleet.close(stopCauseOf(stop))
  }
  return tell(goodbye)
}

/** Answers the exit code. */
function tell({ gone, unknown }: Goodbye): number {
  if (unknown > 0) {
    complain(
      `${unknown} workers could not say goodbye: the backend did not answer. Its sweep will find them lost.`,
    )
  }
  say(
    `Stopped: ${gone} workers are offline. The fleet stays until \`pnpm seed --remove\`, or the next \`pnpm seed\`.`,
  )
  return unknown > 0 ? 1 : 0
}

/** What a worker would say that was ended by what ended this. */
function stopCauseOf(stop: AbortSignal): StopCause {
  return stop.reason instanceof StopRequested ? (stop.reason.message as StopCause) : 'SIGTERM'
}

const machines = (count: number) => (count === 1 ? '1 machine' : `${count} machines`)
