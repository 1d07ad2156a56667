/** What a receiver is told, in its shape. Pure, but for the page's address. */
import type { Infer } from 'convex/values'
import { alertSentence, alertTitle } from '../../contract/alertWords'
import type { Doc } from '../_generated/dataModel'
import type { alertNews, webhookShape } from './alertValidators'
import { pageAddress } from './environment'

/**
 * JSON text. `json`: `{ type, timestamp, data }` as Standard Webhooks has it
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, "Payload structure"). `slack`: one
 * `text` in its mark-up (https://api.slack.com/messaging/webhooks). `at` in ms since 1970.
 */
export function webhookBody(
  shape: Infer<typeof webhookShape>,
  news: Infer<typeof alertNews>,
  at: number,
  alert?: Doc<'alerts'>,
): string {
  const title = alert ? alertTitle(alert.rule, alert.subject) : 'This is a test'
  const sentence = alert ? alertSentence(alert.evidence) : 'Alerts of Rollcall will come here.'
  const page = pageAddress()
  const url = page === undefined ? undefined : new URL('/alerts', page).href
  if (shape === 'slack') return JSON.stringify({ text: slackText({ news, title, sentence, url }) })
  const data = { title, sentence, ...(alert && viewOf(alert)), ...(url !== undefined && { url }) }
  const type = news === 'test' ? 'test' : `alert.${news}`
  return JSON.stringify({ type, timestamp: new Date(at).toISOString(), data })
}

function viewOf(alert: Doc<'alerts'>) {
  const { _id, rule, subject, openedAt, resolvedAt, evidence } = alert
  return {
    id: _id,
    rule,
    status: resolvedAt === undefined ? 'open' : 'resolved',
    openedAt: new Date(openedAt).toISOString(),
    ...(resolvedAt !== undefined && { resolvedAt: new Date(resolvedAt).toISOString() }),
    ...(subject && {
      worker: { id: subject.workerId, name: subject.worker },
      machine: { id: subject.machineId, name: subject.machine },
    }),
    evidence,
  }
}

function slackText(told: {
  news: Infer<typeof alertNews>
  title: string
  sentence: string
  url: string | undefined
}): string {
  const { news, title, sentence, url } = told
  const lead = news === 'resolved' ? 'Resolved: ' : ''
  const link = url === undefined ? '' : `\n<${url}|Open Rollcall>`
  return `*${escaped(lead + title)}*\n${escaped(sentence)}${link}`
}

/** Slack's three characters of mark-up. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
