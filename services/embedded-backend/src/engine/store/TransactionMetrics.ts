const MIB = 1 << 20

/** Convex's limits per transaction (https://docs.convex.dev/production/state/limits). */
const LIMITS = {
  bytesRead: 16 * MIB,
  bytesWritten: 16 * MIB,
  databaseQueries: 4_096,
  documentsRead: 32_000,
  documentsWritten: 16_000,
  functionsScheduled: 1_000,
  scheduledFunctionArgsBytes: 16 * MIB,
}

export type Metric = keyof typeof LIMITS

const COMPLAINT: Record<Metric, string> = {
  bytesRead: 'Read too many bytes',
  bytesWritten: 'Wrote too many bytes',
  databaseQueries: 'Read too many index ranges',
  documentsRead: 'Scanned too many documents',
  documentsWritten: 'Wrote too many documents',
  functionsScheduled: 'Scheduled too many functions',
  scheduledFunctionArgsBytes: 'Scheduled functions with too large arguments',
}

export const MAX_DOCUMENT_BYTES = MIB

/** Counts what one transaction costs, nested calls included, and refuses what a deployment would refuse. */
export class TransactionMetrics {
  private readonly used: Record<Metric, number> = {
    bytesRead: 0,
    bytesWritten: 0,
    databaseQueries: 0,
    documentsRead: 0,
    documentsWritten: 0,
    functionsScheduled: 0,
    scheduledFunctionArgsBytes: 0,
  }

  add(metric: Metric, amount: number): void {
    this.used[metric] += amount
    if (this.used[metric] > LIMITS[metric]) {
      throw new Error(`${COMPLAINT[metric]} in a single function execution (limit: ${LIMITS[metric]})`)
    }
  }

  /** As `ctx.meta.getTransactionMetrics()` answers. Files are not supported, so their counters stay 0. */
  report(): Record<string, { used: number; remaining: number }> {
    const report: Record<string, { used: number; remaining: number }> = {}
    for (const metric of Object.keys(LIMITS) as Metric[]) {
      report[metric] = { used: this.used[metric], remaining: LIMITS[metric] - this.used[metric] }
    }
    for (const metric of ['filesWritten', 'fileWriteBytes', 'filesRead', 'fileReadBytes']) {
      report[metric] = { used: 0, remaining: 0 }
    }
    return report
  }
}
