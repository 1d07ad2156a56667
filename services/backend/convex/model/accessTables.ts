import { authTables } from '@convex-dev/auth/server'
import { defineTable } from 'convex/server'
import { v } from 'convex/values'
import { audited, joiningHost, pairingState } from './accessValidators'
import { sharedRole } from './validators'

/** Who may do what: people, links, shares, the trail, workers that want to join. */
export const accessTables = {
  /** People. Made by `model/membership`; the first one administers the deployment. */
  users: defineTable({ ...authTables.users.validator.fields, isAdmin: v.optional(v.boolean()) })
    .index('email', ['email'])
    .index('phone', ['phone']),

  /**
   * Links for one person each: to an account (written by administrators), or to a role on a machine (`share`, written by its
   * owner). Deleted when spent or withdrawn.
   */
  invitations: defineTable({
    tokenHash: v.string(),
    expiresAt: v.number(),
    share: v.optional(v.object({ machineId: v.id('machines'), role: sharedRole })),
  })
    .index('by_token_hash', ['tokenHash'])
    .index('by_machine_and_expiry', ['share.machineId', 'expiresAt']),

  /** Who besides its owner may use a machine. Written by whoever accepts an invitation, deleted by its owner or by them. */
  shares: defineTable({ machineId: v.id('machines'), userId: v.id('users'), role: sharedRole })
    .index('by_machine_and_user', ['machineId', 'userId'])
    .index('by_user', ['userId']),

  /** What people did about access, kept for whom it concerns. Appended by `model/audit`. Names as they were then. */
  auditEvents: defineTable({
    /** Whose trail it is in: a machine's owner, or the person themselves. */
    userId: v.id('users'),
    /** Who did it. */
    by: v.string(),
    what: audited,
  }).index('by_user', ['userId']),

  /**
   * Workers that want to join: started without a token, each showing a code. Written by `model/pairing`; deleted when they have
   * expired. The code is no secret of the worker's, and worth nothing without somebody's sign-in.
   */
  pairings: defineTable({
    code: v.string(),
    /** SHA-256 of the secret that the worker has made for itself, hex. */
    secretHash: v.string(),
    host: joiningHost,
    expiresAt: v.number(),
    state: pairingState,
  })
    .index('by_code', ['code'])
    .index('by_expiry', ['expiresAt']),

  /** One-time sign-in links. Written by the CLI with the admin key, spent by the sign-in, deleted when spent or expired. */
  signInLinks: defineTable({
    userId: v.id('users'),
    tokenHash: v.string(),
    expiresAt: v.number(),
  }).index('by_token_hash', ['tokenHash']),
}
