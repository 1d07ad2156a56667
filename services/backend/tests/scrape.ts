import parsePrometheusTextFormat from 'parse-prometheus-text-format'
import { expect } from 'vitest'
import type { Backend } from './setup'

export const METRICS_TOKEN = 'm'.repeat(43)

/** What Prometheus gets; `METRICS_TOKEN` must be set. */
export async function scrape(t: Backend): Promise<Map<string, number>> {
  const response = await t.fetch('/metrics', { headers: { authorization: `Bearer ${METRICS_TOKEN}` } })
  expect(response.status).toBe(200)
  return samplesOf(await response.text())
}

/**
 * The samples by name and labels: `a_total{kind="x"}`. The parser has no place for the labels of a histogram, so that its type is
 * kept from it. Throws for a sample that stands twice.
 */
export function samplesOf(text: string): Map<string, number> {
  const samples = new Map<string, number>()
  for (const { name, metrics } of parsePrometheusTextFormat(text.replace(/^# .* histogram\n/gm, ''))) {
    for (const { labels = {}, value } of metrics) {
      const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`)
      const key = pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`
      if (samples.has(key)) throw new Error(`twice: ${key}`)
      samples.set(key, Number(value))
    }
  }
  return samples
}

/** Those that are not zero, of metrics whose name begins with one of `names`. */
export function countsOf(samples: Map<string, number>, ...names: string[]): Record<string, number> {
  return Object.fromEntries(
    [...samples].filter(([key, value]) => value !== 0 && names.some((name) => key.startsWith(name))),
  )
}
