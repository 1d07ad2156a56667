import { env } from './_generated/server'

/** Tokens are signed by this deployment itself (Convex Auth). */
export default {
  providers: [{ domain: env.CONVEX_SITE_URL, applicationID: 'convex' }],
}
