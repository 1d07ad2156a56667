import { describe, expect, it } from 'vitest'
import type { Detection } from '../src/detection/Detection'
import { faultsOf, plotsOf, type BenchResult } from '../src/report/BenchResult'
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
    const report = reportOf(result)
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
