import { setTimeout as delay } from 'node:timers/promises'
import { api } from '@rollcall/backend/api'
import { formatWorkerToken, type ErrorPayload } from '@rollcall/backend/contract'
import type { FunctionArgs, FunctionReturnType } from 'convex/server'
import type { Logger } from 'pino'
import { callPublic, type PublicAnswer } from '../backend/callPublic'
import { UsageError } from '../errors'
import { hashOf, randomSecret } from '../local/secret'
import type { KeptToken } from '../local/TokenFile'
import { printable, say } from '../terminal'
import { joinNotice, pairingLink } from './joinNotice'
import { terminalQr } from './terminalQr'

const DEFAULT_POLL_MS = 2_000

type Begun = FunctionReturnType<typeof api.pairing.start>
type Outcome = FunctionReturnType<typeof api.pairing.outcome>
type Decision = Exclude<Outcome, { kind: 'waiting' }>

export interface Joining {
  url: string
  /** This computer, as it is shown to whoever decides. */
  host: FunctionArgs<typeof api.pairing.start>['host']
  logger: Logger
  /** Rejects with its reason when it is aborted. */
  stop: AbortSignal
  /** Between two questions, in milliseconds. */
  pollMs?: number
}

/**
 * Shows codes, each as long as it is valid, until somebody has let this worker join. The secret of the token is made here and
 * told to nobody until then. Throws `UsageError` if the worker is turned away, or `url` is no Rollcall backend.
 */
export async function pair(joining: Joining): Promise<KeptToken> {
  for (;;) {
    const secret = randomSecret()
    const begun = await begin(joining, hashOf(secret))
    const { hostname, user } = joining.host
    const notice = { code: printable(begun.code), page: begun.page, hostname, user }
    say(joinNotice(notice, await terminalQr(pairingLink(notice))))
    const decision = await untilDecided(joining, { pairingId: begun.pairingId, secret })
    switch (decision.kind) {
      case 'approved': {
        const { machineId, workerId } = decision
        const name = printable(decision.worker)
        say(`  Approved by ${printable(decision.by)}: ${name} on ${printable(decision.machine)}`)
        return { name, token: formatWorkerToken({ machineId, workerId, secret }) }
      }
      case 'denied':
        throw new UsageError([`${printable(decision.by)} turned this worker away.`], 1)
      case 'expired':
        say('  That code has expired. This is another one.')
        break
      default:
        decision satisfies never
    }
  }
}

/** Throws `UsageError` for what waiting does not mend. */
async function begin({ host, ...place }: Joining, secretHash: string): Promise<Begun> {
  return await untilAnswered(place, async () => {
    const answer = await callPublic(place, 'action', api.pairing.start, { secretHash, host })
    if (answer.kind === 'notRollcall') {
      throw new UsageError([`CONVEX_URL (${place.url}) is not a Rollcall backend: ${answer.reason}.`])
    }
    if (answer.kind === 'refused') throw refused(answer.refusal)
    return answer
  })
}

/** A pairing that is known no more has expired. */
async function untilDecided(
  place: Omit<Joining, 'host'>,
  asked: FunctionArgs<typeof api.pairing.outcome>,
): Promise<Decision> {
  for (;;) {
    await delay(place.pollMs ?? DEFAULT_POLL_MS, undefined, { signal: place.stop })
    const outcome = await untilAnswered<Outcome>(place, async () => {
      const answer = await callPublic(place, 'query', api.pairing.outcome, asked)
      if (answer.kind !== 'refused') return answer
      if (answer.refusal.code !== 'NOT_FOUND') throw refused(answer.refusal)
      return { kind: 'ok', value: { kind: 'expired' } }
    })
    if (outcome.kind !== 'waiting') return outcome
  }
}

/** Asks again and again while the backend cannot be reached, and says so the first time. */
async function untilAnswered<T>(
  { url, logger, stop, pollMs = DEFAULT_POLL_MS }: Omit<Joining, 'host'>,
  ask: () => Promise<Exclude<PublicAnswer<T>, { kind: 'refused' }>>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const answer = await ask()
    if (answer.kind === 'ok') return answer.value
    const { reason } = answer
    if (attempt === 1) {
      logger.warn(
        { event: 'backend.unreachable', url, reason },
        `the backend at ${url} cannot be reached (${reason}); trying again until it can`,
      )
    }
    await delay(pollMs, undefined, { signal: stop })
  }
}

function refused({ message }: ErrorPayload): UsageError {
  return new UsageError([printable(message)], 1)
}
