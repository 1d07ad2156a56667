import { holds, type Detection } from '../detection/Detection'
import { formatMs } from './words'
import { statisticsOf } from './statistics'

/** What is going on, told on the standard error while it goes on. */
export class Progress {
  /** In one line that is written over in a terminal; nothing where nobody looks. */
  readonly say = (what: string): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${what}`)
  }

  /** A line that stays. */
  readonly note = (what: string): void => {
    this.say('')
    process.stderr.write(`${what}\n`)
  }

  measured(detection: Detection): void {
    const { what, samples, faults } = detection
    const verdict = holds(detection) ? 'holds' : `BROKEN ${[...new Set(faults)].join('; ')}`
    if (samples.length === 0) {
      this.note(`${what}: ${verdict}`)
      return
    }
    const { n, median, p99 } = statisticsOf(samples)
    this.note(`${what}: ${n} runs, median ${formatMs(median)}, p99 ${formatMs(p99)}, ${verdict}`)
  }
}
