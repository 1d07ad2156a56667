export const checks = [
  'configuration',
  'node',
  'opencode',
  'backend',
  'clock',
  'token',
  'permissions',
  'leftovers',
  'port',
] as const

/** What one look found; `doctor --json` prints it as it is. A problem keeps a worker from running, or a secret from being one. */
export interface Finding {
  check: (typeof checks)[number]
  state: 'ok' | 'warning' | 'problem'
  /** One sentence: what is. */
  message: string
  /** One sentence: what to do about it. */
  cure?: string
  /** What to type for it, where that can be said. */
  command?: string
}

/** The output of `doctor --json`. `ok`: no finding is a problem. */
export interface Diagnosis {
  ok: boolean
  findings: Finding[]
}

export function diagnosisOf(findings: Finding[]): Diagnosis {
  return { ok: findings.every(({ state }) => state !== 'problem'), findings }
}
