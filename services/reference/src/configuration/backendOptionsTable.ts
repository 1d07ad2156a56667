import { programOptions } from '@rollcall/embedded-backend/options'
import { code, table } from '../markdown/table'

/** What the embedded backend's own program takes. */
export function backendOptionsTable(): string {
  return table(
    ['option', 'what it is'],
    Object.entries(programOptions.shape).map(([name, schema]) => {
      const { value, description } = schema.meta() ?? {}
      if (description === undefined) throw new Error(`--${name} has no description`)
      return [code(typeof value === 'string' ? `--${name} ${value}` : `--${name}`), description]
    }),
  )
}
