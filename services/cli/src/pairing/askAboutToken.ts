import { api } from '@rollcall/backend/api'
import { parseWorkerToken, type ErrorCode } from '@rollcall/backend/contract'
import { callPublic } from '../backend/callPublic'

const codesOfTheToken: readonly ErrorCode[] = [
  'WORKER_UNKNOWN',
  'WRONG_SECRET',
  'TOKEN_EXPIRED',
  'WORKER_REVOKED',
]

export type TokenAnswer =
  { kind: 'accepted' } | { kind: 'refused'; message: string } | { kind: 'unanswered'; reason: string }

/**
 * Asks with an epoch that is never open, so that it changes and reveals nothing, and disturbs no process that runs with the token; the
 * token is checked before the epoch. Rejects only with the reason of `stop`.
 */
export async function askAboutToken(url: string, token: string, stop: AbortSignal): Promise<TokenAnswer> {
  const { workerId = '', secret = '' } = parseWorkerToken(token) ?? {}
  const credentials = { workerId, secret, epoch: 0 }
  const answer = await callPublic({ url, stop }, 'query', api.workers.self, { credentials })
  switch (answer.kind) {
    case 'ok':
      return { kind: 'accepted' }
    case 'refused': {
      const { code, message } = answer.refusal
      return codesOfTheToken.includes(code) ? { kind: 'refused', message } : { kind: 'accepted' }
    }
    case 'notRollcall':
    case 'unreachable':
      return { kind: 'unanswered', reason: answer.reason }
    default:
      return answer satisfies never
  }
}
