import { seededFunctions } from '@rollcall/backend/seededFunctions'
import { startEmbeddedBackend } from '@rollcall/embedded-backend'
import type { JSONValue } from 'convex/values'
import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { pino } from 'pino'

const SECRET = 's'.repeat(43)
const BEATS = 10

/**
 * How many of the queries that an open page follows for the fleet (its list of machines, the workers of each, the watch over the
 * detector) run again for each heartbeat: counted on the embedded backend, by what they read and what a beat writes.
 */
export async function countReruns(): Promise<number> {
  const functions = await seededFunctions()
  try {
    return await countWith(functions)
  } finally {
    await rm(functions, { recursive: true })
  }
}

async function countWith(functions: string): Promise<number> {
  const backend = await startEmbeddedBackend({
    ...{ functionsDir: functions, dataDir: ':memory:', port: 0, logger: pino({ level: 'silent' }) },
  })
  try {
    const { engine } = backend
    const mutate = async (path: string, args: JSONValue): Promise<JSONValue> => {
      const { outcome } = await engine.mutation({ path, args, identity: { kind: 'admin' } })
      if (outcome.kind === 'error') throw new Error(outcome.errorMessage)
      return outcome.value
    }
    const firstRow = (table: string) => {
      const [row] = engine.readTable(table, { order: 'asc', cursor: null, numItems: 1 }).page
      return row as unknown as { _id: string; email: string }
    }
    await mutate('localOwner:createSignInLink', { tokenHash: 'unused' })
    const { _id: userId, email } = firstRow('users')
    const secretHash = createHash('sha256').update(SECRET).digest('hex')
    const ids = await mutate('seed:machine', { ownerEmail: email, name: 'machine', workers: 10, secretHash })
    const [workerId = ''] = ids as string[]
    const session = await mutate('auth:store', { args: { type: 'signIn', userId, generateTokens: false } })
    const subject = `${userId}|${(session as { sessionId: string }).sessionId}`
    const attributes = { subject, issuer: 'bench', tokenIdentifier: `bench|${subject}` }
    const followed = Object.entries<JSONValue>({
      'machines:list': { paginationOpts: { numItems: 200, cursor: null } },
      'workers:list': { machineId: firstRow('machines')._id },
      'detector:state': {},
    })
    let reruns = 0
    for (let seq = 1; seq <= BEATS; seq += 1) {
      const stops = followed.map(async ([path, args]) => {
        const run = await engine.query({ path, args, identity: { kind: 'user', attributes } })
        if (run.outcome.kind === 'error') throw new Error(run.outcome.errorMessage)
        return engine.watch(run, () => (reruns += 1))
      })
      await Promise.all(stops)
      await mutate('workers:heartbeat', { credentials: { workerId, secret: SECRET, epoch: 1 }, seq })
      for (const stop of stops) (await stop)()
    }
    return reruns / BEATS
  } finally {
    await backend.close()
  }
}
