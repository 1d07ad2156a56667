import { UsageError } from '../errors'
import { WRITTEN_BY, type ServiceKind } from './Service'

export type Variables = Readonly<Record<string, string>>

const OWN_LINES = '# Lines below this one are yours: they stay when the service is installed again.'
const secrets = ['WORKER_TOKEN']

/**
 * The file that gives the service its environment, for systemd's reader or for Node's (`--env-file`): they differ in what a
 * quoted value may hold. `ownLines` is what a person added. Throws `UsageError` for a value that cannot be written.
 */
export function environmentFile(kind: ServiceKind, variables: Variables, ownLines = ''): string {
  const quote = kind === 'systemd' ? quotedForSystemd : quotedForNode
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${quote(name, value)}`)
  return [`# ${WRITTEN_BY}`, ...lines, OWN_LINES, ''].join('\n') + ownLines
}

/** What a person added to a file made by `environmentFile`. */
export function ownLinesIn(text: string): string {
  const [, own = ''] = text.split(`${OWN_LINES}\n`)
  return own
}

/** The same variables, for somebody to look at. */
export function withoutSecrets(variables: Variables): Variables {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, secrets.includes(name) ? '[secret]' : value]),
  )
}

/** See systemd.exec(5), EnvironmentFile: as in a shell, without expansion. */
function quotedForSystemd(name: string, value: string): string {
  assertOneLine(name, value)
  return `"${value.replace(/["\\$`]/g, '\\$&')}"`
}

/** No escapes there: a value is in whichever quotes it does not hold itself. */
function quotedForNode(name: string, value: string): string {
  assertOneLine(name, value)
  const quote = ["'", '`'].find((mark) => !value.includes(mark))
  if (quote === undefined) {
    throw new UsageError([`${name} cannot be kept for a service: it holds both ' and \`.`])
  }
  return quote + value + quote
}

function assertOneLine(name: string, value: string): void {
  if (!/\p{Cc}/u.test(value)) return
  throw new UsageError([`${name} cannot be kept for a service: it holds control characters.`])
}
