/**
 * Sign-in: an email and a password, a one-time link from the terminal, or GitHub where its two variables are set. Owns nothing:
 * Convex Auth keeps its tables.
 */
import GitHub from '@auth/core/providers/github'
import {
  ConvexCredentials,
  type ConvexCredentialsUserConfig,
} from '@convex-dev/auth/providers/ConvexCredentials'
import { Password } from '@convex-dev/auth/providers/Password'
import { convexAuth } from '@convex-dev/auth/server'
import { v } from 'convex/values'
import { internal } from './_generated/api'
import type { DataModel, Id } from './_generated/dataModel'
import { internalQuery, type MutationCtx } from './_generated/server'
import { audit } from './model/audit'
import { refusal } from './model/errors'
import { admit, cleanEmail, requireAdmission } from './model/membership'
import { answerToPassword, checkedPassword } from './model/passwords'
import { callerAddress } from './model/rateLimits'
import { isGitHubOffered } from './model/environment'
import { sha256 } from './model/tokens'

const signInLink = ConvexCredentials<DataModel>({
  id: 'link',
  authorize: async ({ token }, ctx) => {
    if (typeof token !== 'string') throw refusal('SIGN_IN_LINK_INVALID')
    const userId: Id<'users'> | null = await ctx.runMutation(internal.signInLinks.redeem, {
      tokenHash: await sha256(token),
    })
    if (userId === null) throw refusal('SIGN_IN_LINK_INVALID')
    return { userId }
  },
})

/** An invitation comes along with a sign-up and is spent in `admit`. */
const kept = Password<DataModel>({
  profile: ({ email, invitation }) => ({
    email: cleanEmail(email),
    ...(typeof invitation === 'string' && { invitation }),
  }),
})
/** Convex Auth keeps what a provider was made from in a field that its types do not tell. */
const { options } = kept as unknown as { options: ConvexCredentialsUserConfig<DataModel> }

/** Convex Auth's own, which would let passwords be tried without limit by signing up, and throws errors without a code. */
const password = ConvexCredentials<DataModel>({
  ...options,
  authorize: async (params, ctx) => {
    const email = cleanEmail(params['email'])
    const { flow, invitation } = params
    if (flow === 'signIn') return await answerToPassword(ctx, email, options.authorize(params, ctx))
    if (flow !== 'signUp') throw refusal('ARGUMENT_INVALID', 'flow must be signIn or signUp.')
    checkedPassword(params['password'])
    await ctx.runQuery(internal.auth.admission, {
      email,
      ...(typeof invitation === 'string' && { invitation }),
    })
    return await options.authorize(params, ctx)
  },
})

/** Convex Auth’s own, which its clients call: `useAuthActions` on the page. */
export const { auth, signIn, signOut, store, isAuthenticated } = convexAuth({
  providers: [password, signInLink, ...(isGitHubOffered() ? [GitHub] : [])],
  callbacks: {
    createOrUpdateUser: async (ctx: MutationCtx, { existingUserId, profile }) =>
      existingUserId ?? (await admit(ctx, profile)),
    beforeSessionCreation: async (ctx: MutationCtx, { userId }) => {
      const address = await callerAddress(ctx)
      await audit(ctx, userId, userId, { kind: 'signedIn', ...(address !== undefined && { address }) })
    },
  },
})

/** Whether somebody may make an account. Throws what `admit` throws; spends nothing. */
export const admission = internalQuery({
  args: { email: v.string(), invitation: v.optional(v.string()) },
  returns: v.null(),
  handler: async (ctx, wanted) => {
    await requireAdmission(ctx, wanted)
    return null
  },
})
