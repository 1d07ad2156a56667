import type { api } from '@rollcall/backend/api'
import type { FunctionArgs, FunctionReturnType } from 'convex/server'

/** What opencode asks in the middle of an answer. */
export type PersonRequest = FunctionReturnType<typeof api.requests.list>[number]

export type PermissionRequest = Extract<PersonRequest['what'], { kind: 'permission' }>
export type QuestionRequest = Extract<PersonRequest['what'], { kind: 'question' }>
export type PersonReply = FunctionArgs<typeof api.requests.answer>['reply']

/** opencode's names of what it wants to do, in words that follow "wants to". */
const permissionWords: Record<string, string> = {
  bash: 'run a command',
  edit: 'change files',
  external_directory: 'reach outside of its folder',
  webfetch: 'fetch from the web',
  websearch: 'search the web',
  task: 'start a helper',
  read: 'read files',
  doom_loop: 'do the same thing once more',
}

export function wordsForPermission(permission: string): string {
  return permissionWords[permission] ?? `use “${permission}”`
}
