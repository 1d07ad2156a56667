import { describe, expect, it } from 'vitest'
import { statisticsOf } from '../src/report/statistics'

describe('statisticsOf', () => {
  it('takes the middle of an odd number, the mean of the two middle ones of an even number', () => {
    expect(statisticsOf([30, 10, 20])).toEqual({ n: 3, min: 10, median: 20, p99: 30 })
    expect(statisticsOf([40, 10, 20, 30])).toMatchObject({ median: 25 })
  })

  it('has the 99th percentile by nearest rank', () => {
    const samples = (count: number) => Array.from({ length: count }, (_, index) => count - index)
    expect(statisticsOf(samples(20)).p99).toBe(20)
    expect(statisticsOf(samples(200)).p99).toBe(198)
  })

  it('refuses to make something of nothing', () => {
    expect(() => statisticsOf([])).toThrow('nothing was measured')
  })
})
