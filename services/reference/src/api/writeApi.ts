import { code, table } from '../markdown/table'
import { GENERATED } from '../markdown/generated'
import type { Endpoints } from './readEndpoints'
import type { FunctionModule, PublicFunction } from './readFunctions'
import type { Shapes } from './Shapes'
import { typeText } from './typeText'

export interface Api {
  /** Who may call what is built with each builder. */
  builders: ReadonlyMap<string, string>
  modules: readonly FunctionModule[]
  shapes: Shapes
  /** Of the functions' own router. */
  httpActions: readonly { method: string; path: string; doc: string | undefined }[]
  /** Of the programs that answer for themselves. */
  programs: readonly { title: string; doc?: string; endpoints: readonly Endpoints[] }[]
}

const intro = `# API

${GENERATED}

What clients may call. A function \`get\` of \`workers.ts\` is \`api.workers.get\` for a Convex client, and \`workers:get\` over HTTP and for
\`pnpm convex run\`. A refusal is a \`ConvexError\` with \`{ code, message }\`: [the codes](troubleshooting.md). Times are milliseconds, moments
milliseconds since 1970 by the server's clock.`

/** The reference of everything that answers calls, as Markdown. */
export function writeApi({ builders, modules, shapes, httpActions, programs }: Api): string {
  const functions = modules.map((module) => moduleText(module, shapes))
  const named = shapes.write((name, validator) => `type ${name} = ${typeText(validator, shapes.nameOf)}`)
  const callers = [...builders].map(([name, doc]) => [code(name), doc])
  const actions = httpActions.map(({ method, path, doc }) => [
    code(`${method} ${path}`),
    doc ?? 'Convex Auth’s own.',
  ])
  return [
    intro,
    '## Who may call',
    'What a function is made with authenticates and authorises its caller, before anything else is done.',
    table(['made with', 'who calls'], callers),
    '## Functions',
    ...functions,
    '## Types',
    'What several functions take or answer; `PaginationResult` is Convex’s own.',
    fenced(named.join('\n\n')),
    '## HTTP actions',
    'At the deployment’s site address; on the embedded backend below `/http`.',
    table(['endpoint', 'what it does'], actions),
    ...programs.map(programText),
  ]
    .join('\n\n')
    .concat('\n')
}

function moduleText({ name, doc, functions }: FunctionModule, shapes: Shapes): string {
  const texts = functions.map((one) => functionText(`${name}.${one.name}`, one, shapes))
  return [`### ${name}`, ...(doc === undefined ? [] : [doc]), ...texts].join('\n\n')
}

function functionText(
  path: string,
  { kind, builder, doc, args, returns }: PublicFunction,
  shapes: Shapes,
): string {
  if (doc === undefined) throw new Error(`${path} has no docstring`)
  const answer = returns === undefined ? 'any' : (shapes.nameOf(returns) ?? typeText(returns, shapes.nameOf))
  return [
    `#### ${path}`,
    `${kind}, \`${builder}\`. ${doc}`,
    fenced(`(args: ${typeText(args, shapes.nameOf)}) => ${answer}`),
  ].join('\n\n')
}

function programText({ title, doc, endpoints }: Api['programs'][number]): string {
  const tables = endpoints.flatMap((one) => [
    ...(one.doc === undefined ? [] : [one.doc]),
    table(
      ['endpoint', 'what it does'],
      one.routes.map((route) => [code(route.route), route.doc]),
    ),
  ])
  return [`## ${title}`, ...(doc === undefined ? [] : [doc]), ...tables].join('\n\n')
}

function fenced(text: string): string {
  return `\`\`\`ts\n${text.replace(/ +$/gm, '')}\n\`\`\``
}
