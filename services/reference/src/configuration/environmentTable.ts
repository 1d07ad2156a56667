import { environmentVariables } from '@rollcall/cli/environment-variables'
import { backendEnvironment } from '@rollcall/embedded-backend/environment'
import { workerEnvironment } from '@rollcall/worker/config'
import type * as z from 'zod'
import { code, table } from '../markdown/table'

/** Who reads which variables. The first that describes one speaks for all. */
const readers: readonly { name: string; schema: z.ZodObject }[] = [
  { name: 'commands', schema: environmentVariables },
  { name: 'worker', schema: workerEnvironment },
  { name: 'embedded backend', schema: backendEnvironment },
]

/** No port, no address, no file, no name: what every variable with a rule refuses. */
const NOTHING = '/nowhere\u0007'

/** Every environment variable of the programs: what it is for, what it may be, what holds without it, who reads it. */
export function environmentTable(): string {
  const names = new Set(readers.flatMap(({ schema }) => Object.keys(schema.shape)))
  return table(
    ['variable', 'what it is', 'must be', 'without it', 'read by'],
    [...names].map((name) => {
      const reading = readers.filter(({ schema }) => name in schema.shape)
      const schemas = reading.flatMap(({ schema }) => (schema.shape[name] as z.ZodType | undefined) ?? [])
      const { description, unset } = schemas.map((one) => one.meta()).find((meta) => meta?.description) ?? {}
      if (description === undefined) throw new Error(`${name} has no description`)
      const who = reading.map((reader) => reader.name).join(', ')
      return [code(name), description, ruleOf(schemas[0]), typeof unset === 'string' ? unset : '', who]
    }),
  )
}

/** What a program says of a value that cannot be; nothing where every text is right. */
function ruleOf(schema: z.ZodType | undefined): string {
  const [issue] = schema?.safeParse(NOTHING).error?.issues ?? []
  return issue?.message.replace(/^must be /, '') ?? ''
}
