import { api } from '@rollcall/backend/api'
import { findBackend, readBackendRecord } from '../backend/BackendRecord'
import { callPublic } from '../backend/callPublic'
import type { Config } from '../config'
import { isAlive } from '../local/processIdentity'
import type { Finding } from './Finding'

export type BackendFacts =
  | { kind: 'deployment'; url: string; answer: 'ok' }
  | { kind: 'deployment'; url: string; answer: 'unreachable' | 'notRollcall'; reason: string }
  | { kind: 'embedded'; url: string; pid: number }
  /** Its process lives, and it does not answer. */
  | { kind: 'silent'; url: string; pid: number }
  | { kind: 'none'; dataDir: string }

/** Asks the backend that a worker would use for something that everybody may know. */
export async function inspectBackend(
  { convexUrl, dataDir }: Pick<Config, 'convexUrl' | 'dataDir'>,
  stop: AbortSignal,
): Promise<BackendFacts> {
  if (convexUrl !== undefined) {
    const answer = await callPublic({ url: convexUrl, stop }, 'query', api.users.signInWays, {})
    return answer.kind === 'ok' || answer.kind === 'refused'
      ? { kind: 'deployment', url: convexUrl, answer: 'ok' }
      : { kind: 'deployment', url: convexUrl, answer: answer.kind, reason: answer.reason }
  }
  const found = await findBackend(dataDir)
  if (found) return { kind: 'embedded', url: found.record.url, pid: found.record.pid }
  const record = readBackendRecord(dataDir)
  return record !== undefined && isAlive(record)
    ? { kind: 'silent', url: record.url, pid: record.pid }
    : { kind: 'none', dataDir }
}

/** Where a backend answers; undefined if none does. */
export function answeringUrl(facts: BackendFacts): string | undefined {
  if (facts.kind === 'embedded') return facts.url
  return facts.kind === 'deployment' && facts.answer === 'ok' ? facts.url : undefined
}

export function judgeBackend(facts: BackendFacts): Finding {
  const check = 'backend'
  switch (facts.kind) {
    case 'embedded':
      return {
        check,
        state: 'ok',
        message: `The embedded backend answers at ${facts.url} (pid ${facts.pid}).`,
      }
    case 'silent':
      return {
        check,
        state: 'problem',
        message: `The embedded backend at ${facts.url} runs (pid ${facts.pid}) and does not answer.`,
        cure: 'Stop what started it and start again; if that is gone, end the backend.',
        command: `kill ${facts.pid}`,
      }
    case 'none':
      return {
        check,
        state: 'warning',
        message: `No backend runs on ${facts.dataDir}.`,
        cure: 'Start one; it comes with the first worker.',
        command: 'pnpm start',
      }
    case 'deployment':
      return judgeDeployment(facts)
    default:
      return facts satisfies never
  }
}

function judgeDeployment(facts: Extract<BackendFacts, { kind: 'deployment' }>): Finding {
  const check = 'backend'
  switch (facts.answer) {
    case 'ok':
      return { check, state: 'ok', message: `The backend answers at ${facts.url}.` }
    case 'unreachable':
      return {
        check,
        state: 'problem',
        message: `The backend at ${facts.url} cannot be reached: ${facts.reason}.`,
        cure: 'Check CONVEX_URL, and that this computer reaches that address.',
        command: `curl -v ${facts.url}/version`,
      }
    case 'notRollcall':
      return {
        check,
        state: 'problem',
        message: `${facts.url} is not a Rollcall backend: ${facts.reason}.`,
        cure: 'Set CONVEX_URL to the address that ends with .convex.cloud, and deploy services/backend to it.',
      }
    default:
      return facts satisfies never
  }
}
