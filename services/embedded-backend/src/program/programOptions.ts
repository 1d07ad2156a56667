import * as z from 'zod'

const DEFAULT_PORT = '3210'
const DEFAULT_HOST = '127.0.0.1'
const DEFAULT_HOLD_LIMIT = '30'
const LONGEST_HOLD_LIMIT = 3_600

const folder = (flag: string) =>
  z.string({ error: `${flag} DIR is missing` }).min(1, `${flag} DIR is missing`)

/** What the program takes on its command line. For people, of each: `description`, and in `value` what it takes. */
export const programOptions = z
  .object({
    functions: folder('--functions').meta({ value: 'DIR', description: 'the convex/ folder to run' }),
    data: folder('--data').meta({
      value: 'DIR',
      description: 'where documents, environment variables and the admin key are kept',
    }),
    port: z
      .string()
      .default(DEFAULT_PORT)
      .refine(
        (port) => /^\d+$/.test(port) && Number(port) <= 65_535,
        '--port must be a number from 0 to 65535',
      )
      .transform(Number)
      .meta({
        value: 'N',
        description: `port for API and page (default ${DEFAULT_PORT}; 0 takes any free one)`,
      }),
    host: z
      .string()
      .min(1, '--host must not be empty')
      .default(DEFAULT_HOST)
      .meta({ value: 'NAME', description: `address to listen on (default ${DEFAULT_HOST})` }),
    page: z
      .string()
      .min(1, '--page must not be empty')
      .optional()
      .meta({ value: 'DIR', description: 'built page to serve at /' }),
    'page-dev-server': z
      .url({ protocol: /^http$/, error: '--page-dev-server must be an http:// address' })
      .optional()
      .meta({ value: 'URL', description: 'development server to pass page requests on to' }),
    env: z
      .array(z.string().regex(/^[A-Za-z][A-Za-z0-9_]*=/, '--env must be NAME=VALUE'))
      .default([])
      .meta({
        value: 'NAME=VALUE',
        description: 'environment variable for the functions, if not set yet (repeatable)',
      }),
    'env-file': z.string().optional().meta({ value: 'FILE', description: 'the same, out of a file' }),
    'hold-limit': z
      .string()
      .default(DEFAULT_HOLD_LIMIT)
      .refine(
        (seconds) => /^[1-9]\d*$/.test(seconds) && Number(seconds) <= LONGEST_HOLD_LIMIT,
        `--hold-limit must be a whole number of seconds from 1 to ${LONGEST_HOLD_LIMIT}`,
      )
      .transform(Number)
      .meta({
        value: 'SECONDS',
        description: `end when a function lets nothing else run for so long (default ${DEFAULT_HOLD_LIMIT})`,
      }),
    watch: z.boolean().default(false).meta({ description: 'load the functions again when they change' }),
    lifeline: z.boolean().default(false).meta({ description: 'stop when standard input ends' }),
  })
  .refine((given) => given.page === undefined || given['page-dev-server'] === undefined, {
    error: 'Give either --page or --page-dev-server',
  })

/** The same for `parseArgs`, and `--help`. */
export const flags = {
  functions: { type: 'string' },
  data: { type: 'string' },
  port: { type: 'string' },
  host: { type: 'string' },
  page: { type: 'string' },
  'page-dev-server': { type: 'string' },
  env: { type: 'string', multiple: true },
  'env-file': { type: 'string' },
  'hold-limit': { type: 'string' },
  watch: { type: 'boolean' },
  lifeline: { type: 'boolean' },
  help: { type: 'boolean' },
} as const satisfies Record<keyof typeof programOptions.shape | 'help', object>

/** What `--help` prints. */
export function usage(): string {
  const lines = Object.entries(programOptions.shape).map(([name, schema]) => {
    const { value, description } = schema.meta() ?? {}
    return { option: typeof value === 'string' ? `--${name} ${value}` : `--${name}`, description }
  })
  const all = [...lines, { option: '--help', description: 'this text' }]
  const width = Math.max(...all.map(({ option }) => option.length))
  return `Runs a folder of Convex functions on this computer.

  node services/embedded-backend/dist/main.js --functions DIR --data DIR [options]

${all.map(({ option, description }) => `  ${option.padEnd(width)}  ${description}`).join('\n')}

  LOG_LEVEL (default info) and LOG_FORMAT=json|pretty say how it logs.
`
}
