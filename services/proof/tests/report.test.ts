import { describe, expect, it } from 'vitest'
import type { Violation } from '../src/chaos/oracle/history'
import type { Detection } from '../src/detection/Detection'
import { faultsOf, plotsOf, type BenchResult } from '../src/report/BenchResult'
import { chaosTable, longestTable, type ChaosFigures } from '../src/report/chaosTables'
import { toMarkdown, toText } from '../src/report/Table'
import { detectionTable } from '../src/report/timeTables'
import { reportOf } from '../src/report/writeReport'

const detection: Detection = {
  ...{ name: 'SIGTERM', what: '`kill` <it>', since: 'death', promisedMs: 1_000 },
  ...{ samples: [12, 900, 20], faults: [] },
}
const versions = { node: '20', opencode: '1', convex: '1', 'convex-test': '0', '@convex-dev/presence': '0' }
const surroundings = { date: '2026-11-26', cores: 2, cpu: 'A', memoryGiB: 8, system: 'Linux', versions }
const result: BenchResult = { surroundings, detection: [detection] }

describe('a report', () => {
  it('tells each measurement in a line, and whether the promise holds', () => {
    const [, row] = detectionTable([detection]).rows
    expect(row).toEqual(['`kill` <it>', 'death', '3', '12 ms', '20 ms', '900 ms', '1.00 s', 'yes'])
    expect(faultsOf(result)).toEqual([])
  })

  it.each<[string, Partial<Detection>]>([
    ['one run that is late', { samples: [12, 1_001] }],
    ['something wrong that was shown', { faults: ['shown as stale'] }],
    ['no run at all', { samples: [] }],
  ])('says that a promise is broken by %s', (_name, change) => {
    const broken = { ...detection, ...change }
    expect(detectionTable([broken]).rows[1]?.at(-1)).toMatch(/^no/)
    expect(faultsOf({ ...result, detection: [broken] })).toHaveLength(1)
  })

  it('has the machine, the versions, the date, the table and the image', () => {
    const report = reportOf({ bench: result })
    expect(report).toContain('2026-11-26, 2 cores of A, 8 GiB, Linux; node 20, opencode 1')
    expect(report).toContain('(benchmarks/detection.svg)')
    expect(report).toContain(toMarkdown(detectionTable([detection])))
  })

  it('draws each run, and says in words what it shows', () => {
    const plot = plotsOf(result)['detection.svg'] ?? ''
    expect(plot.match(/<circle/g)).toHaveLength(3)
    expect(plot).toContain('<title id="title">From death to page</title>')
    expect(plot).toContain('kill &lt;it&gt;: 20 ms')
  })

  it('aligns columns for a terminal', () => {
    const table = {
      title: 'T',
      rows: [
        ['a', 'b'],
        ['`long`', 'c'],
      ],
    }
    expect(toText(table)).toBe('T\na     b\nlong  c')
  })
})

const chaos: ChaosFigures = {
  ...{
    surroundings,
    seeds: [7, 8, 9],
    slackMs: 2_500,
    seconds: 3_000,
    applied: { kill: 400, signal: 1_100 },
  },
  ...{ missed: 12, statuses: 5_000, messages: 99, longest: { crashed: 640 }, violations: [] },
}

const violation: Violation = { rule: 'orphan', worker: 'w', at: 0, text: 'pid 7 lives' }

describe('chaos in a report', () => {
  it('has seeds, faults by kind, time, and the longest that anything wrong was shown', () => {
    const report = reportOf({ chaos })
    expect(report).toContain('| seeds | 3: 7 to 9 |')
    expect(report).toContain('| faults | 1,500 in 50 min, 0.5 a second |')
    expect(report).toContain('| by kind | signal 1,100, kill 400 |')
    expect(report).toContain('| violations | 0 |')
    expect(report).toContain('| online, though dead, and its supervisor lives | 640 ms | 1.00 s |')
    expect(report).toContain('| offline, though it was started | never | 25.0 s |')
    expect(report).toContain(toMarkdown(chaosTable(chaos)))
    expect(report).toContain(toMarkdown(longestTable(chaos)))
  })

  it('stays when bench writes, and bench stays when chaos does', () => {
    const both = reportOf({ bench: result, chaos })
    expect(both).toContain('Detection')
    expect(reportOf({ bench: result }, both)).toBe(both)
    expect(reportOf({ chaos }, both)).toBe(both)
    expect(reportOf({ chaos: { ...chaos, violations: [violation] } }, both)).toContain('| violations | 1 |')
    expect(reportOf({ chaos }, reportOf({ bench: result }))).toBe(both)
  })
})
