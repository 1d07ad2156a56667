/**
 * The deployment's settings, for its administrators and for whoever holds the admin key; followed by running workers through
 * `workers.self`. What a machine's owner sets for its own workers is `machines.setOverrides`.
 */
import { internalMutation, internalQuery } from './_generated/server'
import { userMutation, userQuery } from './functions'
import { AT_THE_TERMINAL } from './model/audit'
import { requireAdmin } from './model/membership'
import { readSettings } from './model/settings'
import { changeSettings } from './model/settingsChange'
import { settings } from './model/validators'

/** For an administrator. Times in milliseconds. Throws `FORBIDDEN`. */
export const show = userQuery({
  args: {},
  returns: settings,
  handler: async (ctx) => {
    await requireAdmin(ctx, ctx.userId)
    return await readSettings(ctx)
  },
})

/**
 * Changes what is given, keeps the rest; validated together, nothing changed if refused. Times in milliseconds. Answers the settings
 * after it. Throws `FORBIDDEN`, `SETTINGS_INVALID`.
 */
export const change = userMutation({
  args: settings.partial(),
  returns: settings,
  handler: async (ctx, changes) => {
    await requireAdmin(ctx, ctx.userId)
    return await changeSettings(ctx, ctx.userId, changes)
  },
})

/** As `show`, for whoever holds the admin key. */
export const get = internalQuery({ args: {}, returns: settings, handler: readSettings })

/** As `change`, for whoever holds the admin key. Throws `SETTINGS_INVALID`. */
export const update = internalMutation({
  args: settings.partial(),
  returns: settings,
  handler: (ctx, changes) => changeSettings(ctx, AT_THE_TERMINAL, changes),
})
