/** What `pnpm start` does with a worker, and nothing else: supervises it with this process's own environment. */
import { pino } from 'pino'
import { superviseWorker, type SupervisorTimes } from '../../../src/supervisor'

const stdout = pino.destination({ fd: 1, sync: true })
stdout.on('error', () => {})
const logger = pino({ name: 'supervisor' }, stdout)
const { WORKER_PROGRAM = '[]', SUPERVISOR_TIMES = '{}', ...env } = process.env
const program = JSON.parse(WORKER_PROGRAM) as string[]
const times = JSON.parse(SUPERVISOR_TIMES) as Partial<SupervisorTimes>
const { SUPERVISOR_HEALTH_PORT: port } = env
const healthPort = port === undefined ? undefined : Number(port)
const { exitCode } = await superviseWorker({ program, env, healthPort, times, logger })
process.exitCode = exitCode
