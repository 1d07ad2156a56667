import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config'
import { TokenFile } from '../local/TokenFile'
import { askAboutToken, type TokenAnswer } from '../pairing/askAboutToken'
import { credentialsFolder } from '../pairing/CredentialsEntry'
import type { Finding } from './Finding'

export interface TokenFacts {
  /** The variable or the file that holds it. */
  source: string
  answer:
    | TokenAnswer
    /** The file holds no whole token. */
    | { kind: 'malformed' }
    /** No backend answers that could be asked. */
    | { kind: 'unasked' }
}

type Places = Pick<Config, 'convexUrl' | 'workerToken' | 'dataDir' | 'configDir'>

/** The files in which tokens for this backend are kept. */
export function tokenFilesOf({ convexUrl, dataDir, configDir }: Omit<Places, 'workerToken'>): string[] {
  const folder = convexUrl === undefined ? join(dataDir, 'workers') : credentialsFolder(configDir, convexUrl)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name, 'token.json'))
    .filter((path) => existsSync(path))
}

/** Every token that a worker here could use: `WORKER_TOKEN`, or else those that are kept. Opens no incarnation. */
export async function inspectTokens(
  places: Places,
  backendUrl: string | undefined,
  stop: AbortSignal,
): Promise<TokenFacts[]> {
  const { workerToken } = places
  const candidates =
    workerToken === undefined
      ? tokenFilesOf(places).map((path) => ({
          source: path,
          token: new TokenFile(join(path, '..')).read()?.token,
        }))
      : [{ source: 'WORKER_TOKEN', token: workerToken }]
  const facts: TokenFacts[] = []
  for (const { source, token } of candidates) {
    if (token === undefined) facts.push({ source, answer: { kind: 'malformed' } })
    else if (backendUrl === undefined) facts.push({ source, answer: { kind: 'unasked' } })
    else facts.push({ source, answer: await askAboutToken(backendUrl, token, stop) })
  }
  return facts
}

/** One finding a token; one if there is none. */
export function judgeTokens(
  facts: readonly TokenFacts[],
  { convexUrl }: Pick<Config, 'convexUrl'>,
): Finding[] {
  if (facts.length > 0) return facts.map(judgeToken)
  const message =
    convexUrl === undefined
      ? 'No token yet: the first `pnpm start` makes one.'
      : 'No token yet: `pnpm start` shows a code by which it is let join.'
  return [{ check: 'token', state: 'ok', message }]
}

function judgeToken({ source, answer }: TokenFacts): Finding {
  const check = 'token'
  switch (answer.kind) {
    case 'accepted':
      return { check, state: 'ok', message: `The token in ${source} is accepted.` }
    case 'unasked':
      return { check, state: 'ok', message: `The token in ${source} is whole; there is no backend to ask.` }
    case 'unanswered':
      return {
        check,
        state: 'warning',
        message: `The backend did not say whether the token in ${source} is valid: ${answer.reason}.`,
        cure: 'Look again later.',
        command: 'pnpm run doctor',
      }
    case 'malformed':
      return {
        check,
        state: 'problem',
        message: `${source} holds no whole token.`,
        cure: 'Remove the file: the next start has a new token made.',
        command: `rm '${source}'`,
      }
    case 'refused':
      return {
        check,
        state: 'problem',
        message: `The token in ${source} is refused: ${answer.message}`,
        ...newToken(source),
      }
    default:
      return answer satisfies never
  }
}

function newToken(source: string): Pick<Finding, 'cure' | 'command'> {
  return source === 'WORKER_TOKEN'
    ? { cure: 'Set WORKER_TOKEN to a new token from the page, or unset it to be let join by a code.' }
    : { cure: 'Remove the file: the next start has a new token made.', command: `rm '${source}'` }
}
