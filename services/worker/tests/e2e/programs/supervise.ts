/** What `pnpm start` does with a worker, and nothing else: supervises it with this process's own environment. */
import { pino } from 'pino'
import { superviseWorker, type SupervisorTimes } from '../../../src/supervisor'

const stdout = pino.destination({ fd: 1, sync: true })
stdout.on('error', () => {})
const logger = pino({ name: 'supervisor' }, stdout)
const { WORKER_NODE_OPTIONS: NODE_OPTIONS, SUPERVISOR_TIMES = '{}', ...env } = process.env
const times = JSON.parse(SUPERVISOR_TIMES) as Partial<SupervisorTimes>
const { exitCode } = await superviseWorker({ env: { ...env, NODE_OPTIONS }, times, logger })
process.exitCode = exitCode
