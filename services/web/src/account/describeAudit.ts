import type { api } from '@rollcall/backend/api'
import { formatDuration, overridableSettings } from '@rollcall/backend/contract'
import type { FunctionReturnType } from 'convex/server'
import { changeWords, settingWords } from '../settings/settingWords'
import { policyWords } from '../worker/policyWords'

export type AuditEvent = FunctionReturnType<typeof api.account.trail>['page'][number]

/** Who did what about access or settings, in one sentence without its end. When, is told beside it. */
export function describeAudit({ by, what }: Pick<AuditEvent, 'by' | 'what'>): string {
  switch (what.kind) {
    case 'signedIn':
      return what.address === undefined ? `${by} signed in` : `${by} signed in from ${what.address}`
    case 'signInEnded':
      return `${by} signed another browser out`
    case 'passwordChanged':
      return `${by} changed the password`
    case 'workerAdded':
      return `${by} added ${what.worker} to ${what.machine}`
    case 'workerApproved':
      return `${by} approved ${what.worker} on ${what.machine}`
    case 'workerRevoked':
      return `${by} revoked ${what.worker} on ${what.machine}`
    case 'workerRemoved':
      return `${by} removed ${what.worker} from ${what.machine}`
    case 'tokenReplaced':
      return `${by} replaced the token of ${what.worker} on ${what.machine}`
    case 'policySet':
      return `${by} set what ${what.worker} on ${what.machine} may do: ${policyWords[what.policy].choice}`
    case 'commanded':
      return `${by} told ${what.worker} on ${what.machine} to ${commandWords(what.command)}`
    case 'allCommanded': {
      const pace = what.oneByOne ? ', one by one' : ''
      return `${by} told all workers on ${what.machine} to ${commandWords(what.command)}${pace}`
    }
    case 'workerPaired': {
      const { user, hostname, address } = what.host
      const from = address === undefined ? '' : `, ${address}`
      return `${by} let ${what.worker} on ${what.machine} join (${user}@${hostname}${from})`
    }
    case 'machineRemoved':
      return `${by} removed ${what.machine}`
    case 'shared':
      return what.role === 'viewer'
        ? `${what.person} may look at ${what.machine} now`
        : `${what.person} may chat on ${what.machine} now`
    case 'shareEnded':
      return by === what.person
        ? `${by} left ${what.machine}`
        : `${by} ended the sharing of ${what.machine} with ${what.person}`
    case 'settingsChanged':
      return `${by} changed the settings: ${changeWords(what.from, what.to)}`
    case 'overridesSet':
      return `${by} ${overrideWords(what)}`
    default:
      return what satisfies never
  }
}

type Command = Extract<AuditEvent['what'], { kind: 'commanded' }>['command']

function commandWords({ kind, when }: Command): string {
  return when === 'idle' ? `${kind} when idle` : kind
}

function overrideWords({ machine, from, to }: Extract<AuditEvent['what'], { kind: 'overridesSet' }>): string {
  const words = (ms: number | undefined) => (ms === undefined ? 'the deployment’s' : formatDuration(ms))
  const changed = overridableSettings
    .filter((setting) => setting in from || setting in to)
    .map((setting, index) => {
      const what = settingWords[setting].label.toLowerCase()
      const where = index === 0 ? ` on ${machine}` : ''
      return `the ${what}${where} from ${words(from[setting])} to ${words(to[setting])}`
    })
  return `changed ${changed.join(', ')}`
}
