import type { Policy } from '@rollcall/backend/contract'
import type { PermissionRule } from '@opencode-ai/sdk/v2'

type Action = PermissionRule['action']

/** About each `pattern` of a `permission`, which is opencode's name of what a tool does; `*` stands for anything, slashes too. */
const rule = (permission: string, action: Action, pattern = '*'): PermissionRule => ({
  permission,
  pattern,
  action,
})

/** What only looks into the folder, or plans. Files with secrets ask, as opencode itself has it. */
const looking = (resources: Action): PermissionRule[] => [
  ...['read', 'glob', 'grep', 'list', 'todoread', 'todowrite', 'question'].map((name) => rule(name, 'allow')),
  rule('read', 'ask', '*.env'),
  rule('read', 'ask', '*.env.*'),
  rule('read', 'allow', '*.env.example'),
  // Of MCP servers.
  rule('read', resources, 'mcp:*'),
]

/** Outside of the folder, but for what opencode itself puts aside of long outputs, to be read from there. */
const outside = (action: Action): PermissionRule[] => [
  rule('external_directory', action),
  rule('external_directory', 'allow', '*/opencode/tool-output/*'),
]

/**
 * A policy as rules for an opencode session. The last one that fits decides, and a session's come after those of its agent: each
 * list begins with one about everything, tools that nobody has heard of included, so that nothing set up on the machine shines
 * through. Without a policy there is none.
 *
 * Of these rules, a session that the `task` tool opens takes over only what is denied and what lies outside: it could do unasked
 * what is to be asked for here. So where that matters there is no such tool (docs/decisions/0011).
 */
export function policyRules(policy: Policy | undefined): PermissionRule[] {
  switch (policy) {
    case undefined:
      return []
    case 'ask':
      return [rule('*', 'ask'), ...looking('ask'), ...outside('ask'), rule('task', 'deny')]
    case 'allow':
      return [rule('*', 'allow'), ...outside('ask')]
    case 'readOnly':
      return [
        rule('*', 'deny'),
        ...looking('deny'),
        // What answers a call of a tool that is not there: it tells the model which one.
        rule('invalid', 'allow'),
        rule('webfetch', 'ask'),
        rule('websearch', 'ask'),
        ...outside('deny'),
      ]
    default:
      return policy satisfies never
  }
}
