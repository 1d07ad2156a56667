import { exitCodes } from '@rollcall/worker/exit-codes'
import type { ListedTable } from './checks/checkTables'
import { bareStatuses } from './sources/bareStatuses'
import { closeReasons } from './sources/closeReasons'
import { httpRefusals } from './sources/httpRefusals'
import { listOf } from './sources/Listed'
import { literalReader } from './sources/literalReader'
import type { Source } from './sources/readSources'

const BACKEND = 'services/embedded-backend/src/'
const WORKER = 'services/worker/src/'
const FUNCTIONS = 'services/backend/convex/'
const EXIT_CODES = `${WORKER}domain/exitCodes.ts`

/** What the tables of docs/troubleshooting.md have to list, besides the codes of errors. */
export function troubleshootingTables(sources: readonly Source[]): ListedTable[] {
  const below = (...folders: readonly string[]) =>
    sources.filter(({ path }) => folders.some((folder) => path.startsWith(folder)))
  const literals = literalReader(below(BACKEND, WORKER, FUNCTIONS))
  const ends = Object.values(exitCodes).map((code) => ({ word: String(code), path: EXIT_CODES }))
  return [
    { head: ['exit code', 'means'], listed: listOf(ends) },
    { head: ['code', 'status'], listed: httpRefusals(below(BACKEND, WORKER), literals) },
    { head: ['status', 'answered by'], listed: bareStatuses(below(BACKEND, WORKER, FUNCTIONS), literals) },
    { head: ['close reason', 'close code'], listed: closeReasons(below(BACKEND), literals) },
  ]
}
