/** Prometheus's text format 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/ */

export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

export interface Sample {
  /** What follows the name of the metric: `_bucket`, `_sum`, `_count` of a histogram. */
  suffix?: '_bucket' | '_sum' | '_count'
  labels?: Record<string, string>
  value: number
}

export interface Family {
  name: string
  type: 'counter' | 'gauge' | 'histogram'
  /** One line without a backslash. */
  help: string
  samples: Sample[]
}

/** Label values must hold no quote, backslash or line break: all of ours are words of the schema. */
export function metricsText(families: Family[]): string {
  return families.map(familyText).join('')
}

function familyText({ name, type, help, samples }: Family): string {
  const lines = samples.map(({ suffix = '', labels = {}, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`)
    return `${name}${suffix}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`
  })
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

/**
 * The samples of one histogram. `counts`: how many fell into each of `bounds` and not into a lower one, and last, how many were
 * beyond them all.
 */
export function histogram(
  labels: Record<string, string>,
  { bounds, counts, sum }: { bounds: readonly number[]; counts: readonly number[]; sum: number },
): Sample[] {
  let total = 0
  const buckets = [...bounds.map(String), '+Inf'].map((le, i): Sample => {
    total += counts[i] ?? 0
    return { suffix: '_bucket', labels: { ...labels, le }, value: total }
  })
  return [...buckets, { suffix: '_sum', labels, value: sum }, { suffix: '_count', labels, value: total }]
}
