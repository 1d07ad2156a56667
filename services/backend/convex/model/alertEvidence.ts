/** Which workers failed, as far as an alert tells it. */
import type { Infer } from 'convex/values'
import type { QueryCtx } from '../_generated/server'
import type { alertEvidence } from './alertValidators'
import { shortened } from './bounds'
import type { offlineEvidence } from './validators'

type Known = Pick<Infer<typeof offlineEvidence>, 'message' | 'signal' | 'exitCode'>
type Crashes = Extract<Infer<typeof alertEvidence>, { rule: 'crashes' }>

const CRASHES = 5
const LINE_LENGTH = 200

/** The fleet's last crashes, newest first, at most five; without those of workers that are gone. */
export async function lastCrashes(ctx: QueryCtx): Promise<Crashes['recent']> {
  const events = await ctx.db
    .query('workerEvents')
    .withIndex('by_reason', (q) => q.eq('what.reason', 'crashed'))
    .order('desc')
    .take(CRASHES)
  const crashes = await Promise.all(
    events.map(async ({ workerId, at, what }) => {
      const worker = await ctx.db.get('workers', workerId)
      const machine = worker && (await ctx.db.get('machines', worker.machineId))
      if (!machine || what.kind !== 'offline') return []
      return [{ machine: machine.name, worker: worker.name, at, ...lastWords(what.evidence) }]
    }),
  )
  return crashes.flat()
}

/** The beginning of what a worker said at its end, or else how it ended, if that is known. */
export function lastWords({ message, signal, exitCode }: Known): { message?: string } {
  const line = message?.split('\n', 1)[0]?.trim() ?? ''
  if (line !== '') return { message: shortened(line, LINE_LENGTH) }
  if (signal !== undefined) return { message: `killed (${signal})` }
  return exitCode === undefined ? {} : { message: `exit code ${exitCode}` }
}
