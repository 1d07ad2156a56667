/**
 * What a worker tells opencode unless the worker's own `config` says otherwise. It goes over the person's configuration
 * files, so it holds only what a worker cannot do without.
 *
 * Permissions are not among it. opencode by itself allows edits, commands and fetches in its folder, and whoever has
 * written other rules meant them. What opencode asks a person all the same (a folder outside, a rule that says "ask") is put
 * before the person of the chat (`PersonRequests`).
 */
export const defaultConfig = {
  /** The version that runs is the one that was installed; a worker does not replace its own binary. */
  autoupdate: false,
} as const
