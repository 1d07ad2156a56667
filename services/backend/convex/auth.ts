/** Sign-in: an email and a password, or a one-time link from the terminal. Owns nothing: Convex Auth keeps its tables. */
import { ConvexCredentials } from '@convex-dev/auth/providers/ConvexCredentials'
import { Password } from '@convex-dev/auth/providers/Password'
import { convexAuth } from '@convex-dev/auth/server'
import { internal } from './_generated/api'
import type { DataModel, Id } from './_generated/dataModel'
import type { MutationCtx } from './_generated/server'
import { refusal } from './model/errors'
import { admit, cleanEmail } from './model/membership'
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
const password = Password<DataModel>({
  profile: ({ email, invitation }) => ({
    email: cleanEmail(email),
    ...(typeof invitation === 'string' && { invitation }),
  }),
})

export const { auth, signIn, signOut, store, isAuthenticated } = convexAuth({
  providers: [password, signInLink],
  callbacks: {
    createOrUpdateUser: async (ctx: MutationCtx, { existingUserId, profile }) =>
      existingUserId ?? (await admit(ctx, profile)),
  },
})
