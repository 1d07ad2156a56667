/**
 * What `pnpm start` does with a worker, and nothing else: supervises it with this process's own environment. Loads no more than the
 * supervisor itself does.
 */
import { superviseWorker, type SupervisorTimes } from '@rollcall/worker/supervisor'

const log = (fields: object, msg: string) =>
  process.stdout.write(`${JSON.stringify({ name: 'supervisor', pid: process.pid, ...fields, msg })}\n`)
process.stdout.on('error', () => {})
const { WORKER_PROGRAM = '[]', SUPERVISOR_TIMES = '{}', ...env } = process.env
const program = JSON.parse(WORKER_PROGRAM) as string[]
const times = JSON.parse(SUPERVISOR_TIMES) as Partial<SupervisorTimes>
const { exitCode } = await superviseWorker({
  ...{ program, env, times },
  logger: { info: log, warn: log, error: log },
})
process.exitCode = exitCode
