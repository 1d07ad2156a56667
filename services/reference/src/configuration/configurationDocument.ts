import { GENERATED } from '../markdown/generated'
import type { Source } from '../sources/readSources'
import { backendOptionsTable } from './backendOptionsTable'
import { commandsText } from './commandsText'
import { deploymentVariablesTable } from './deploymentVariablesTable'
import { environmentTable } from './environmentTable'
import { settingsTable } from './settingsTable'

/** docs/configuration.md. */
export function configurationDocument(sources: readonly Source[]): string {
  return `# Configuration

${GENERATED}

## Environment variables

Of the programs on a computer. The commands read \`.env.local\` of the repository too, beneath the environment, and hand both on to the worker
and, without secrets, to the embedded backend that they start. A variable that is set to nothing counts as not set. All mistakes are named at
once, a line each; the program ends with 2.

${environmentTable()}

## Commands

Each is a script of the repository: \`pnpm start --demo\`, \`pnpm settings get\`; where pnpm has a command of that name itself, with \`run\`:
\`pnpm run doctor\`. \`--help\` is an option of all but \`convex\`.

${commandsText()}

## The embedded backend’s own program

\`pnpm start\` and \`pnpm dev\` start it. By itself: \`node services/embedded-backend/dist/main.js --functions DIR --data DIR\`.

${backendOptionsTable()}

## Settings of a deployment

Changed on the page, or by \`pnpm settings set heartbeatIntervalMs=10s\`; running workers follow without a restart. They are checked together,
and taken all or none. Times are kept as milliseconds.

${settingsTable()}

## Environment variables of a deployment

Read by the functions: set with \`npx convex env set\`, on the embedded backend with \`pnpm convex env set\`. Besides them those of Convex
Auth: [deployment.md](deployment.md).

${deploymentVariablesTable(sources)}
`
}
