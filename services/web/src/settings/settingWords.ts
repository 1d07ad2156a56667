import {
  formatDuration,
  MINUTE,
  SECOND,
  timeSettings,
  type Settings,
  type TimeSetting,
} from '@rollcall/backend/contract'

/** What times are typed in on the page, and how many milliseconds one is. */
export const unitMs = { seconds: SECOND, minutes: MINUTE }

interface TimeWords {
  label: string
  unit: keyof typeof unitMs
  /** What it does, in a sentence. */
  meaning: string
}

export const settingWords: Record<TimeSetting, TimeWords> = {
  heartbeatIntervalMs: {
    label: 'Heartbeat interval',
    unit: 'seconds',
    meaning: 'How often a worker says that it is alive.',
  },
  staleThresholdMs: {
    label: 'Stale threshold',
    unit: 'seconds',
    meaning: 'A worker that is silent for longer than this is shown as lost.',
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
}

/** What changed, from what to what: `heartbeat interval from 30 s to 10 s, sign-up from closed to open`. */
export function changeWords(from: Partial<Settings>, to: Partial<Settings>): string {
  const times = timeSettings.flatMap((setting) => {
    const [before, after] = [from[setting], to[setting]]
    if (before === undefined || after === undefined) return []
    const what = settingWords[setting].label.toLowerCase()
    return [`${what} from ${formatDuration(before)} to ${formatDuration(after)}`]
  })
  const signUp =
    to.isSignUpOpen === undefined
      ? []
      : [`sign-up from ${signUpWord(!to.isSignUpOpen)} to ${signUpWord(to.isSignUpOpen)}`]
  return [...times, ...signUp].join(', ')
}

function signUpWord(isOpen: boolean): string {
  return isOpen ? 'open' : 'closed'
}
