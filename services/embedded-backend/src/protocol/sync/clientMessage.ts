import type { JSONValue } from 'convex/values'
import * as z from 'zod'
import type { UserAttributes } from '../../engine/types'

const counter = z.number().int().nonnegative()
const args = z.array(z.custom<JSONValue>((value) => value !== undefined)).max(1)
const componentPath = z.string().nullish()

const functionRequest = { requestId: counter, udfPath: z.string(), args, componentPath }

const addQuery = z.object({
  type: z.literal('Add'),
  queryId: counter,
  udfPath: z.string(),
  args,
  journal: z.string().nullish(),
  componentPath,
})

const removeQuery = z.object({ type: z.literal('Remove'), queryId: counter })

const authenticate = z.discriminatedUnion('tokenType', [
  z.object({
    type: z.literal('Authenticate'),
    tokenType: z.literal('Admin'),
    value: z.string(),
    baseVersion: counter,
    impersonating: z.custom<UserAttributes>((value) => typeof value === 'object').nullish(),
  }),
  z.object({
    type: z.literal('Authenticate'),
    tokenType: z.literal('User'),
    value: z.string(),
    baseVersion: counter,
  }),
  z.object({ type: z.literal('Authenticate'), tokenType: z.literal('None'), baseVersion: counter }),
])

/** What a Convex client says on the sync socket: the sending half is `convex/src/browser/sync/protocol.ts`. */
const clientMessage = z.union([
  z.object({
    type: z.literal('Connect'),
    sessionId: z.string().min(1).max(200),
    connectionCount: counter,
    lastCloseReason: z.string().nullish(),
    maxObservedTimestamp: z.string().nullish(),
    clientTs: z.number().optional(),
  }),
  authenticate,
  z.object({
    type: z.literal('ModifyQuerySet'),
    baseVersion: counter,
    newVersion: counter,
    modifications: z.array(z.discriminatedUnion('type', [addQuery, removeQuery])),
  }),
  z.object({ type: z.literal('Mutation'), ...functionRequest }),
  z.object({ type: z.literal('Action'), ...functionRequest }),
  z.object({ type: z.literal('Event') }),
])

export type ClientMessage = z.infer<typeof clientMessage>
export type ClientMessageOf<T extends ClientMessage['type']> = Extract<ClientMessage, { type: T }>
export type AddQuery = z.infer<typeof addQuery>

/** `undefined` for a frame that is no message of the protocol. */
export function parseClientMessage(frame: string): ClientMessage | undefined {
  let json: unknown
  try {
    json = JSON.parse(frame)
  } catch {
    return undefined
  }
  return clientMessage.safeParse(json).data
}
