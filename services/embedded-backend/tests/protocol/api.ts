import { makeFunctionReference, type PaginationOptions, type PaginationResult } from 'convex/server'

interface Message {
  _id: string
  text: string
}

/** The fixture's functions, as `_generated/api` would name them. */
export const api = {
  list: makeFunctionReference<'query', { room: string }, string[]>('messages:list'),
  constant: makeFunctionReference<'query', Record<string, never>, string>('messages:constant'),
  failing: makeFunctionReference<'query', Record<string, never>, null>('messages:failing'),
  page: makeFunctionReference<
    'query',
    { room: string; paginationOpts: PaginationOptions },
    PaginationResult<Message>
  >('messages:page'),
  send: makeFunctionReference<'mutation', { room: string; text: string }, string>('messages:send'),
  sendToBoth: makeFunctionReference<'mutation', { rooms: string[]; text: string }>('messages:sendToBoth'),
  purge: makeFunctionReference<'mutation', Record<string, never>, number>('messages:purge'),
  whoAmI: makeFunctionReference<'query', Record<string, never>, Record<string, unknown> | null>(
    'users:whoAmI',
  ),
  echo: makeFunctionReference<'action', { text: string; delayMs: number }, string>('users:echo'),
}
