import type { AlertEvidence } from './alerts'

/** Names as they were when the alert was raised; undefined: the whole fleet. */
type Subject = { worker: string; machine: string } | undefined

/** What is wrong, in a few words. */
export function alertTitle(rule: AlertEvidence['rule'], subject: Subject): string {
  switch (rule) {
    case 'flapping':
      return subject ? `${subject.worker} on ${subject.machine} is unstable` : 'A worker is unstable'
    case 'crashes':
      return 'Many crashes'
    case 'timeouts':
      return 'Workers do not end by themselves'
    case 'graceful':
      return 'Few workers end gracefully'
    case 'lost':
      return 'A part of the fleet is missing'
    default:
      return rule satisfies never
  }
}

/** The numbers that it was seen by, in a sentence. */
export function alertSentence(evidence: AlertEvidence): string {
  switch (evidence.rule) {
    case 'flapping': {
      const { failures, last } = evidence
      const how = last.reason === 'crashed' ? 'it crashed' : 'it was lost'
      const why = last.message === undefined ? '' : `: ${last.message}`
      return `${times(failures)} within an hour it crashed or was lost; the last time ${how}${why}.`
    }
    case 'crashes':
      return `${count(evidence.crashes, 'crash', 'crashes')} within an hour.`
    case 'timeouts': {
      const { hung, unfinished } = evidence
      const total = count(hung + unfinished, 'worker', 'workers')
      return `Within an hour ${total} had to be ended: ${hung} hung, ${unfinished} did not end their shutdown.`
    }
    case 'graceful': {
      const { graceful, ends, threshold } = evidence
      return `${graceful} of ${ends} workers that ended within an hour ended gracefully: ${percent(graceful, ends)}, less than ${threshold} %.`
    }
    case 'lost': {
      const { lost, of } = evidence
      return `${lost} of ${of} workers crashed or were lost and are not back: ${percent(lost, of)}.`
    }
    default:
      return evidence satisfies never
  }
}

function times(number: number): string {
  return number === 1 ? 'Once' : `${number} times`
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`
}

function percent(part: number, whole: number): string {
  return `${Math.floor((100 * part) / whole)} %`
}
