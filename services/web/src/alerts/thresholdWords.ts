import type { AlertEvidence } from '@rollcall/backend/contract'

/** From which number on it is an alert; undefined where the alert's sentence says so. */
export function thresholdWords(evidence: AlertEvidence): string | undefined {
  const { threshold } = evidence
  switch (evidence.rule) {
    case 'flapping':
    case 'crashes':
    case 'timeouts':
      return `An alert from ${threshold} within an hour on.`
    case 'graceful':
      return undefined
    case 'lost':
      return `An alert from ${threshold} % on.`
    default:
      return evidence satisfies never
  }
}
