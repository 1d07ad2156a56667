import { faultsOfCost } from '../cost/budgets'
import type { CostResult } from '../cost/measureCost'
import { holds, type Detection } from '../detection/Detection'
import type { LoadResult } from '../load/runLoad'
import type { Startup } from '../startup/measureStartup'
import { costPlot } from './costPlot'
import { daysTable, operationsTable } from './costTables'
import { detectionPlot } from './detectionPlot'
import type { Surroundings } from './surroundings'
import type { Table } from './Table'
import { detectionTable, loadTable, startupTable } from './timeTables'

/** Whatever of it was measured. */
export interface BenchResult {
  surroundings: Surroundings
  cost?: CostResult
  detection?: Detection[]
  startup?: Startup[]
  load?: LoadResult
}

/** What is not as it is promised, as sentences; none if all is well. */
export function faultsOf({ cost, detection = [], load }: BenchResult): string[] {
  const broken = detection.filter((one) => !holds(one))
  return [
    ...(cost ? faultsOfCost(cost) : []),
    ...broken.map(({ what, faults }) => [`${what}: the promise is broken`, ...new Set(faults)].join('; ')),
    ...(load && load.falseOffline > 0 ? [`${load.falseOffline} workers that beat were taken for gone`] : []),
    ...(load && load.failures > 0 ? [`${load.failures} heartbeats failed`] : []),
  ]
}

/** In the order in which they are told. */
export function tablesOf({ cost, detection, startup, load }: BenchResult): Table[] {
  return [
    ...(cost ? [operationsTable(cost), daysTable(cost)] : []),
    ...(detection ? [detectionTable(detection)] : []),
    ...(startup ? [startupTable(startup)] : []),
    ...(load ? [loadTable(load)] : []),
  ]
}

/** Images by the name of their file. */
export function plotsOf({ cost, detection }: BenchResult): Record<string, string> {
  return {
    ...(cost && { 'cost.svg': costPlot(cost) }),
    ...(detection && { 'detection.svg': detectionPlot(detection) }),
  }
}
