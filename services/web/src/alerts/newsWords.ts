import { alertSentence, alertTitle } from '@rollcall/backend/contract'
import type { OpenAlert } from './AlertView'

type Told = Pick<OpenAlert, 'rule' | 'subject' | 'evidence'>

/** What is read out of alerts that came; empty for none. */
export function newsWords(alerts: readonly Told[]): string {
  const [first, ...others] = alerts
  if (first === undefined) return ''
  if (others.length === 0)
    return `Alert: ${alertTitle(first.rule, first.subject)}. ${alertSentence(first.evidence)}`
  const titles = alerts.map(({ rule, subject }) => alertTitle(rule, subject))
  return `${alerts.length} alerts: ${titles.join('; ')}.`
}
