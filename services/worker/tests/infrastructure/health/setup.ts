import { request, type IncomingHttpHeaders } from 'node:http'
import type { Logger } from 'pino'
import { onTestFinished } from 'vitest'
import { createAnswerer } from '../../../src/infrastructure/health/createAnswerer'
import { HealthServer, type HealthServerOptions } from '../../../src/infrastructure/health/HealthServer'
import { workerAnswers } from '../../../src/infrastructure/health/workerAnswers'
import type { WorkerHealth } from '../../../src/infrastructure/health/WorkerHealth'
import { silent, until } from '../../setup'

/** A ready worker with an opencode of three processes. */
export function healthOf(over: Partial<WorkerHealth> = {}): WorkerHealth {
  return {
    workerId: 'w1',
    versions: { worker: '0.1.0', node: '20.19.0' },
    state: { name: 'ready', epoch: 3 },
    history: [{ from: 'connecting', to: 'ready', at: Date.UTC(2026, 0, 2, 3, 4, 5, 6) }],
    epoch: 3,
    isFenced: false,
    beatAgeMs: 12_500.4,
    beats: new Map(),
    answersRunning: 0,
    heldFor: undefined,
    shutdown: undefined,
    opencode: { version: '1.2.3', processes: () => ({ count: 3, residentBytes: 300_000_000 }) },
    ...over,
  }
}

export interface LoggedLine {
  event: string
  url?: string
  msg: string
}

/** A server of the worker's that is closed after the test, and what it logged. */
export function serve({
  health = healthOf,
  ...options
}: Partial<HealthServerOptions & { health: () => WorkerHealth }> = {}): {
  server: HealthServer
  logged: LoggedLine[]
} {
  const logged: LoggedLine[] = []
  const note = (fields: Omit<LoggedLine, 'msg'>, msg: string) => logged.push({ ...fields, msg })
  const logger = { ...silent, info: note, warn: note, error: note } as unknown as Logger
  const answer = createAnswerer(workerAnswers(health), logger)
  const server = new HealthServer({ port: 0, setting: 'ROLLCALL_HEALTH_PORT', answer, logger, ...options })
  onTestFinished(() => server.close())
  return { server, logged }
}

/** The URL of a server that listens with this health. */
export async function listening(health: () => WorkerHealth = healthOf): Promise<string> {
  const { server } = serve({ health })
  return await until('listening', () => server.url)
}

export interface Reply {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** Asks as no browser lets a page: with any host and method, and a path that is not put in order. */
export function ask(
  url: string,
  { method = 'GET', host, path }: { method?: string; host?: string; path?: string } = {},
) {
  return new Promise<Reply>((resolve, reject) => {
    const headers = host === undefined ? {} : { host }
    const options = { method, headers, agent: false, ...(path !== undefined && { path }) }
    request(url, options, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text: string) => (body += text))
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
    })
      .on('error', reject)
      .end()
  })
}

export async function askJson(url: string): Promise<{ status: number; json: Record<string, unknown> }> {
  const { status, body } = await ask(url)
  return { status, json: JSON.parse(body) as Record<string, unknown> }
}
