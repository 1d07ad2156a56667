import {
  DAY,
  formatSetting,
  MINUTE,
  numberSettings,
  SECOND,
  type NumberSetting,
  type Settings,
} from '@rollcall/backend/contract'

/** What numbers are typed in on the page, and how much of what is stored one is. A count has no unit. */
export const unitSizes = { seconds: SECOND, minutes: MINUTE, days: DAY, percent: 1 }

interface SettingWords {
  label: string
  unit?: keyof typeof unitSizes
  /** What it does, in a sentence. */
  meaning: string
}

export const settingWords: Record<NumberSetting, SettingWords> = {
  heartbeatIntervalMs: {
    label: 'Heartbeat interval',
    unit: 'seconds',
    meaning: 'How often a worker says that it is alive.',
  },
  staleThresholdMs: {
    label: 'Stale threshold',
    unit: 'seconds',
    meaning:
      'A worker that is silent for longer than this is shown as lost. A machine’s owner can set another.',
  },
  shutdownTimeoutMs: {
    label: 'Shutdown timeout',
    unit: 'seconds',
    meaning:
      'How long a worker that is stopped may take to save its chats. A machine’s owner can set another.',
  },
  requestTimeoutMs: {
    label: 'Request timeout',
    unit: 'minutes',
    meaning: 'How long a question or a permission waits for a person, before it is refused for them.',
  },
  unstableFailures: {
    label: 'Failures of an unstable worker',
    meaning:
      'A worker that crashes or is lost so many times within an hour is shown as unstable, which raises an alert.',
  },
  alertCrashesPerHour: {
    label: 'Alert on crashes per hour',
    meaning: 'An alert when so many workers crash within an hour.',
  },
  alertTimeoutsPerHour: {
    label: 'Alert on timeouts per hour',
    meaning: 'An alert when so many workers are ended within an hour because they hung or drained too long.',
  },
  alertGracefulPercent: {
    label: 'Alert on share of graceful ends',
    unit: 'percent',
    meaning: 'An alert when a smaller share of the ends within an hour was graceful.',
  },
  alertLostPercent: {
    label: 'Alert on share of the fleet lost',
    unit: 'percent',
    meaning: 'An alert when so large a share of the fleet has crashed or was lost, and is not back.',
  },
  eventRetentionMs: {
    label: 'Retention of history',
    unit: 'days',
    meaning: 'How long is kept when and why workers came and went. Uptime and the last event of each stay.',
  },
  chatRetentionMs: {
    label: 'Retention of chats',
    unit: 'days',
    meaning: 'How long a chat is kept after the last word in it.',
  },
  alertRetentionMs: {
    label: 'Retention of alerts',
    unit: 'days',
    meaning: 'How long an alert is kept.',
  },
}

/** What changed, from what to what: `heartbeat interval from 30 s to 10 s, sign-up from closed to open`. */
export function changeWords(from: Partial<Settings>, to: Partial<Settings>): string {
  const numbers = numberSettings.flatMap((setting) => {
    const [before, after] = [from[setting], to[setting]]
    if (before === undefined || after === undefined) return []
    const what = settingWords[setting].label.toLowerCase()
    return [`${what} from ${formatSetting(setting, before)} to ${formatSetting(setting, after)}`]
  })
  const signUp =
    to.isSignUpOpen === undefined
      ? []
      : [`sign-up from ${signUpWord(!to.isSignUpOpen)} to ${signUpWord(to.isSignUpOpen)}`]
  return [...numbers, ...signUp].join(', ')
}

function signUpWord(isOpen: boolean): string {
  return isOpen ? 'open' : 'closed'
}
