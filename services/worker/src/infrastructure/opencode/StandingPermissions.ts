import type { PermissionRequest } from '@opencode-ai/sdk/v2'

/** Something that opencode asks for, and what saying "always" to it would allow; patterns in opencode's own form. */
export type AskedPermission = Pick<PermissionRequest, 'permission' | 'patterns' | 'always'>

/**
 * What people have allowed for the rest of a chat, by its opencode session. Kept here, because what opencode itself remembers holds
 * for every session and against every rule: one person would allow it to all, and no later policy could take it back.
 */
export class StandingPermissions {
  private readonly granted = new Map<string, { permission: string; pattern: string }[]>()

  grant(sessionId: string, { permission, always }: AskedPermission): void {
    const more = always.map((pattern) => ({ permission, pattern }))
    this.granted.set(sessionId, [...(this.granted.get(sessionId) ?? []), ...more])
  }

  /** Whether all of it has been allowed. */
  covers(sessionId: string, { permission, patterns }: AskedPermission): boolean {
    const granted = (this.granted.get(sessionId) ?? []).filter((rule) => rule.permission === permission)
    return (
      granted.length > 0 && patterns.every((asked) => granted.some(({ pattern }) => fits(asked, pattern)))
    )
  }

  forget(sessionId: string): void {
    this.granted.delete(sessionId)
  }
}

/** As opencode 1.18.33 has it: `*` stands for anything, slashes too, `?` for one character, ` *` at the end for nothing as well. */
function fits(text: string, pattern: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replace(/ \.\*$/, '( .*)?')
  return new RegExp(`^${source}$`, 's').test(text)
}
