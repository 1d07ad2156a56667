import { SECOND, settingRanges } from '@rollcall/backend/contract'

/** Who starts the service: systemd for this user on Linux, launchd on macOS. */
export const serviceKinds = ['systemd', 'launchd'] as const
export type ServiceKind = (typeof serviceKinds)[number]

/** A worker as a service manager is told to run it. Paths are absolute. */
export interface Service {
  node: string
  workingDirectory: string
  /** Brings the programs up to date. */
  buildProgram: string
  program: string
  environmentFile: string
  /** Where commands are looked for, as `PATH` has it. */
  searchPath: string
  /** Milliseconds that a stop may take before it is forced. */
  stopMs: number
}

/** Names of ours in the two managers. */
export const UNIT_NAME = 'rollcall-worker.service'
export const AGENT_LABEL = 'dev.rollcall.worker'

/** A process that waits does not need Node's optimising compiler, nor a young generation that grows. */
export const nodeFlags = ['--max-semi-space-size=1', '--no-opt'] as const

/** In each file that `install` writes; no other file is overwritten or removed. */
export const WRITTEN_BY = 'Written by `pnpm service install`; `pnpm service uninstall` removes it.'

/** For the witness's report and the embedded backend's end, which come after the worker's. */
const AFTER_THE_WORKER_MS = 15 * SECOND

/**
 * How long a stop may take, in milliseconds: the worker ends itself within its shutdown timeout, and is not to be killed before.
 * `shutdownTimeoutMs` is this worker's own; without it the deployment's counts, which may change while the service runs.
 */
export function stopMsFor(shutdownTimeoutMs: number | undefined): number {
  return (shutdownTimeoutMs ?? settingRanges.shutdownTimeoutMs.most) + AFTER_THE_WORKER_MS
}
