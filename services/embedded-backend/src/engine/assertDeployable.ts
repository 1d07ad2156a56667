import { EmbeddedBackendError } from '../errors'
import { checkDocument } from './functions/databaseSyscalls'
import { nextRun } from './scheduler/nextRun'
import type { CronSchedule, LoadedFunctions } from './functions/LoadedFunctions'
import type { Snapshot } from './store/Snapshot'
import type { IndexDefinitions } from './store/Store'
import { documentValue } from './store/StoredDocument'
import { SYSTEM_INDEXES } from './store/systemTables'

/** The indexes of a schema and of the engine's own tables. */
export function indexesOf(functions: LoadedFunctions): IndexDefinitions {
  return new Map([...functions.indexes, ...SYSTEM_INDEXES])
}

/**
 * Refuses, with FUNCTIONS_BROKEN, what a Convex deployment would refuse to deploy: cron jobs that cannot run, and a schema that
 * documents in `tables` do not match.
 */
export function assertDeployable(functions: LoadedFunctions, tables: Snapshot['tables']): void {
  for (const [name, { name: path, schedule }] of functions.crons) {
    const broken = brokenCron(functions, name, path, schedule)
    if (broken !== null)
      throw new EmbeddedBackendError('FUNCTIONS_BROKEN', `crons: the job "${name}" ${broken}`)
  }
  for (const name of functions.documentTypes.keys()) {
    for (const document of tables.get(name)?.documents() ?? []) {
      try {
        checkDocument(functions, name, documentValue(document))
      } catch (cause) {
        const reason = (cause as Error).message.replaceAll(/\s*\n\s*/g, ' ')
        const message = `schema: a stored document does not match: ${reason}`
        throw new EmbeddedBackendError('FUNCTIONS_BROKEN', message, { cause })
      }
    }
  }
}

function brokenCron(
  functions: LoadedFunctions,
  name: string,
  path: string,
  schedule: CronSchedule,
): string | null {
  const type = functions.find(path)?.type
  if (type !== 'mutation' && type !== 'action') return `runs ${path}, which is no mutation or action`
  try {
    nextRun(name, schedule, 0, Date.now())
    return null
  } catch (error) {
    return `has a schedule that cannot be read: ${(error as Error).message}`
  }
}
