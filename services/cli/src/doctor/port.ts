import { connect } from 'node:net'
import type { Config } from '../config'
import type { BackendFacts } from './backend'
import type { Finding } from './Finding'
import { findListener, type Listener } from './findListener'

export type PortFacts =
  /** No backend has to be started here. */
  | { kind: 'unneeded' }
  | { kind: 'any' }
  | { kind: 'free'; port: number }
  | { kind: 'taken'; port: number; by: Listener | undefined }

const CONNECT_MS = 2_000

/** Whether the embedded backend could have its port, and who has it instead. */
export async function inspectPort(
  { convexUrl, port }: Pick<Config, 'convexUrl' | 'port'>,
  backend: BackendFacts,
): Promise<PortFacts> {
  if (convexUrl !== undefined || backend.kind === 'embedded' || backend.kind === 'silent')
    return { kind: 'unneeded' }
  if (port === 0) return { kind: 'any' }
  return (await isTaken(port)) ? { kind: 'taken', port, by: findListener(port) } : { kind: 'free', port }
}

export function judgePort(facts: PortFacts): Finding {
  const check = 'port'
  switch (facts.kind) {
    case 'unneeded':
      return { check, state: 'ok', message: 'None has to be free: there is a backend.' }
    case 'any':
      return { check, state: 'ok', message: 'Any free port will do.' }
    case 'free':
      return { check, state: 'ok', message: `Port ${facts.port} is free.` }
    case 'taken': {
      const { port, by } = facts
      return {
        check,
        state: 'problem',
        message: `Port ${port} is taken by ${by ? `${by.command} (pid ${by.pid})` : 'another program'}.`,
        cure: 'Stop that, or choose another port.',
        command: 'ROLLCALL_PORT=0 pnpm start',
      }
    }
    default:
      return facts satisfies never
  }
}

async function isTaken(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' })
    const settle = (taken: boolean) => {
      socket.destroy()
      resolve(taken)
    }
    socket.setTimeout(CONNECT_MS, () => settle(true))
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
}
