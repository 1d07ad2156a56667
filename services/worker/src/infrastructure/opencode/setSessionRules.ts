import type { OpencodeClient, PermissionRule } from '@opencode-ai/sdk/v2'
import { OpencodeRequestError } from './errors'
import { modelNamed } from './modelNamed'
import { oneLine, statusOf } from './startFailure'

const requestMs = 10_000

/** Something that opencode does not have: a rule about it changes nothing. */
const nothing = 'rollcall_nothing'

/**
 * Gives a session these rules and no other; those of its agent stay, before them. It must be idle: opencode reads the rules when
 * a prompt begins. `model` is that of the prompt to come. Does nothing for a session that opencode does not have: it refuses the
 * prompt, too. Throws `OpencodeRequestError`.
 */
export async function setSessionRules(
  client: OpencodeClient,
  session: { id: string; model?: string | undefined },
  rules: readonly PermissionRule[],
): Promise<{ kind: 'changed' | 'unchanged' }> {
  const sessionID = session.id
  const found = await client.session.get({ sessionID }, limit())
  if (statusOf(found) === 404) return { kind: 'unchanged' }
  const present = (answerIn(found).permission ?? []).filter(({ permission }) => permission !== nothing)
  if (isSame(present, rules)) return { kind: 'unchanged' }
  if (present.length > 0) await clearRules(client, session)
  if (rules.length > 0) {
    answerIn(await client.session.update({ sessionID, permission: [...rules] }, limit()))
  }
  return { kind: 'changed' }
}

/**
 * opencode adds the rules of an update to those that are there, and would hand what the old ones deny on to the sessions of helpers.
 * It drops them for those that come with a message: with an empty one, which is not answered, and deleted.
 */
async function clearRules(
  client: OpencodeClient,
  { id: sessionID, model }: { id: string; model?: string | undefined },
): Promise<void> {
  const named = model === undefined ? undefined : modelNamed(model)
  const message = { parts: [], noReply: true, tools: { [nothing]: true }, ...(named && { model: named }) }
  const { info } = answerIn(await client.session.prompt({ sessionID, ...message }, limit()))
  answerIn(await client.session.deleteMessage({ sessionID, messageID: info.id }, limit()))
}

function isSame(one: readonly PermissionRule[], other: readonly PermissionRule[]): boolean {
  const inOrder = (rules: readonly PermissionRule[]) =>
    JSON.stringify(rules.map(({ permission, pattern, action }) => [permission, pattern, action]))
  return inOrder(one) === inOrder(other)
}

function answerIn<T>({ data, error }: { data?: T | undefined; error?: unknown }): T {
  if (data !== undefined) return data
  throw new OpencodeRequestError(`opencode did not take the rules of this chat: ${oneLine(error)}`, {
    cause: error,
  })
}

function limit(): { signal: AbortSignal } {
  return { signal: AbortSignal.timeout(requestMs) }
}
