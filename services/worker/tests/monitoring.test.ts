import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parser } from '@prometheus-io/lezer-promql'
import { startEmbeddedBackend, type EmbeddedBackend } from '@rollcall/embedded-backend'
import parsePrometheusTextFormat from 'parse-prometheus-text-format'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createMetrics } from '../src/infrastructure/health/createMetrics'
import { healthOf } from './infrastructure/health/setup'
import { silent } from './setup'

/** `docs/monitoring` asks only for what the two endpoints really tell. */

const TOKEN = 'm'.repeat(43)

const fileOf = (name: string) =>
  readFileSync(new URL(`../../../docs/monitoring/${name}`, import.meta.url), 'utf8')

interface Panel {
  title: string
  type: string
  targets?: { expr: string }[]
}
interface Rule {
  alert: string
  expr: string
  labels: { severity: string }
  annotations: { summary: string }
}

const dashboard = JSON.parse(fileOf('grafana-dashboard.json')) as {
  templating: { list: { name: string; type: string }[] }
  panels: Panel[]
}
const rules = (parse(fileOf('alerts.yaml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  ({ rules }) => rules,
)

/** Of each label of each series that is told, its values; `le`, too. Prometheus adds `job` and `instance`. */
type Told = Map<string, Map<string, Set<string>>>

function toldBy(texts: string[]): Told {
  const told: Told = new Map([['up', new Map([['job', new Set(['rollcall-backend', 'rollcall-workers'])]])]])
  for (const text of texts) {
    for (const [, name = '', labels = ''] of text.matchAll(/^([a-z_]+)(?:\{(.*)\})? \S+$/gm)) {
      const known = told.get(name) ?? new Map<string, Set<string>>()
      told.set(name, known)
      for (const [, label = '', value = ''] of labels.matchAll(/(\w+)="([^"]*)"/g)) {
        known.set(label, (known.get(label) ?? new Set()).add(value))
      }
    }
  }
  for (const labels of told.values()) {
    if (!labels.has('job')) labels.set('job', new Set(['rollcall-backend', 'rollcall-workers']))
  }
  return told
}

/** The series that an expression asks for, each with its matchers. Throws for what is no PromQL. */
function askedBy(expression: string): { name: string; matchers: { label: string; values: string[] }[] }[] {
  // What Grafana puts in its place is a duration.
  const promql = expression.replaceAll('$__rate_interval', '1m')
  const asked: ReturnType<typeof askedBy> = []
  parser
    .configure({ strict: true })
    .parse(promql)
    .iterate({
      enter: (node) => {
        const text = promql.slice(node.from, node.to)
        if (node.name === 'VectorSelector') asked.push({ name: /^\w+/.exec(text)?.[0] ?? text, matchers: [] })
        if (node.name !== 'UnquotedLabelMatcher') return
        const [, label = '', values = ''] = /^(\w+)=~?"(.*)"$/.exec(text) ?? []
        asked.at(-1)?.matchers.push({ label, values: values.split('|') })
      },
    })
  return asked
}

describe('docs/monitoring', () => {
  let backend: EmbeddedBackend
  let told: Told

  beforeAll(async () => {
    backend = await startEmbeddedBackend({
      functionsDir: fileURLToPath(new URL('../../backend/convex', import.meta.url)),
      ...{ dataDir: ':memory:', port: 0, logger: silent, env: { METRICS_TOKEN: TOKEN } },
    })
    // What tells of the last sweep has no sample before the first.
    const sweep = { path: 'cleanupTasks:detectStaleWorkers', args: {}, identity: { kind: 'admin' as const } }
    expect((await backend.engine.mutation(sweep)).outcome.kind).toBe('ok')
    const answer = await fetch(`${backend.url}/http/metrics`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    })
    expect(answer.status).toBe(200)
    const ofBackend = await answer.text()
    const ofWorker = await createMetrics(() => healthOf()).text()
    for (const text of [ofBackend, ofWorker]) {
      expect(parsePrometheusTextFormat(text).length).toBeGreaterThan(5)
    }
    told = toldBy([ofBackend, ofWorker])
  })

  afterAll(() => backend.close())

  const check = (expression: string) => {
    const asked = askedBy(expression)
    expect(asked, expression).not.toEqual([])
    for (const { name, matchers } of asked) {
      const labels = told.get(name)
      expect(labels, `${name}, which nobody tells, in ${expression}`).toBeDefined()
      for (const { label, values } of matchers) {
        for (const value of values) {
          expect([...(labels?.get(label) ?? [])], `${label} of ${name} in ${expression}`).toContain(value)
        }
      }
    }
  }

  it.each(rules)('$alert asks for what is told', ({ expr, labels, annotations }) => {
    check(expr)
    expect(['warning', 'critical']).toContain(labels.severity)
    expect(annotations.summary).not.toBe('')
  })

  const panels = dashboard.panels.filter(({ type }) => type !== 'row')
  it.each(panels)('the panel “$title” asks for what is told', ({ targets = [] }) => {
    expect(targets).not.toEqual([])
    for (const { expr } of targets) check(expr)
  })

  it('shows on the dashboard all that Rollcall tells', () => {
    const shown = panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => askedBy(expr)))
    const names = new Set(shown.map(({ name }) => name))
    const ours = [...told.keys()].filter((name) => name.startsWith('rollcall_'))
    expect(ours.filter((name) => !names.has(name))).toEqual([])
    expect(dashboard.templating.list).toMatchObject([{ name: 'datasource', type: 'datasource' }])
  })

  it('has a scrape config for the two jobs that the rules name, and a query of what is told', () => {
    const readme = fileOf('README.md')
    const [, config = ''] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? []
    const { scrape_configs: jobs } = parse(config) as { scrape_configs: { job_name: string }[] }
    expect(jobs.map(({ job_name }) => job_name)).toEqual(['rollcall-backend', 'rollcall-workers'])
    const [, query = ''] = /\n\n((?: {4}(?:sum| {2}\/).*\n)+)/.exec(readme) ?? []
    check(query)
  })
})

describe('the check itself', () => {
  it('finds the series and matchers of an expression', () => {
    expect(askedBy('sum(rate(a_total{kind=~"x|y"}[$__rate_interval])) / b')).toEqual([
      { name: 'a_total', matchers: [{ label: 'kind', values: ['x', 'y'] }] },
      { name: 'b', matchers: [] },
    ])
    expect(() => askedBy('sum(a')).toThrow()
  })
})
