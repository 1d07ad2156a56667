import type { Settings } from '@rollcall/backend/contract'

/** The settings as the page lists them, each in one group. */
export const settingGroups: readonly { name: string; settings: readonly (keyof Settings)[] }[] = [
  { name: 'Presence', settings: ['heartbeatIntervalMs', 'staleThresholdMs', 'shutdownTimeoutMs'] },
  { name: 'Chats', settings: ['requestTimeoutMs'] },
  { name: 'Sign-up', settings: ['isSignUpOpen'] },
  {
    name: 'Alerts',
    settings: [
      'unstableFailures',
      'alertCrashesPerHour',
      'alertTimeoutsPerHour',
      'alertGracefulPercent',
      'alertLostPercent',
    ],
  },
  { name: 'Retention', settings: ['eventRetentionMs', 'chatRetentionMs', 'alertRetentionMs'] },
]
