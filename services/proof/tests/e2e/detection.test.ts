import { isEverythingAsked } from '@rollcall/backend/isEverythingAsked'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { BenchResult } from '../../src/report/BenchResult'

const program = join(import.meta.dirname, '../../src/index.ts')

test.runIf(isEverythingAsked)('a worker that is killed is seen; the figures are JSON', async () => {
  const command = ['--import', 'tsx', program, 'detection', '--runs', '1', '--kinds', 'kill-worker', '--json']
  // Whether the promises hold is not asked of a machine that is busy with other tests.
  const { stdout } = await promisify(execFile)(process.execPath, command).catch(
    (ended: unknown) => ended as { stdout: string },
  )
  const { detection, surroundings } = JSON.parse(stdout) as BenchResult
  expect(surroundings.versions.node).toBe(process.versions.node)
  expect(detection).toMatchObject([{ name: 'kill-worker', since: 'death', promisedMs: 1_000, faults: [] }])
  for (const { samples } of detection ?? []) {
    expect(samples).toHaveLength(1)
    expect(samples[0]).toBeGreaterThan(1)
  }
})
