import type { EndCause } from '@rollcall/backend/contract'

/** What ended a worker: by its name, and to follow "Shut down" in a sentence. */
export const causeWords: Record<EndCause, { name: string; by: string }> = {
  SIGINT: { name: 'Ctrl+C', by: 'by Ctrl+C' },
  SIGTERM: { name: 'SIGTERM', by: 'by SIGTERM' },
  SIGQUIT: { name: 'SIGQUIT', by: 'by SIGQUIT' },
  SIGHUP: { name: 'SIGHUP', by: 'by SIGHUP (its terminal closed)' },
  'launcher-gone': { name: 'launcher gone', by: 'because its launcher was gone' },
  'supervisor-gone': { name: 'supervisor gone', by: 'because its supervisor was gone' },
  hung: { name: 'hung', by: 'because it did not respond' },
  uncaughtException: { name: 'uncaught exception', by: 'after an uncaught exception' },
  unhandledRejection: { name: 'unhandled rejection', by: 'after an unhandled rejection' },
  'opencode-failed': { name: 'opencode failed', by: 'because opencode failed' },
  'stop-requested': { name: 'asked on the page', by: 'from the page' },
  'restart-requested': { name: 'restart', by: 'for a restart' },
  'startup-failed': { name: 'could not start', by: 'because it could not start' },
}
