import { join } from 'node:path'

/** What the embedded backend does not serve, by the command's name, and what does the same for it. */
const elsewhere: Readonly<Record<string, (backend: { url: string; dataDir: string }) => string>> = {
  dev: () => '`pnpm dev` runs the embedded backend, and loads the functions again when they change.',
  deploy: () =>
    'the embedded backend loads services/backend/convex by itself when it starts; with CONVEX_URL and CONVEX_DEPLOY_KEY this deploys to that deployment.',
  export: ({ dataDir }) =>
    `\`pnpm convex data <table> --format jsonl --limit 100000\` prints a table; a copy of ${dataDir}, made while nothing runs, is everything.`,
  import: ({ dataDir }) =>
    `documents come in by functions, as with \`pnpm convex run\`; or put a copy of ${dataDir} back while nothing runs.`,
  dashboard: inspect,
  dash: inspect,
  insights: inspect,
  codegen: () => '`pnpm codegen` writes services/backend/convex/_generated, without a backend.',
  deployment: () =>
    'the embedded backend is the only one here; CONVEX_URL and CONVEX_DEPLOY_KEY choose another.',
  project: () =>
    'the embedded backend belongs to no project; CONVEX_URL and CONVEX_DEPLOY_KEY choose another.',
}

function inspect({ url, dataDir }: { url: string; dataDir: string }): string {
  return `open ${url}/_inspect and paste the key that ${join(dataDir, 'admin-key')} holds.`
}

/** One line for a command that would not work against the embedded backend; undefined for any other. */
export function servedElsewhere(
  [name = '']: readonly string[],
  backend: { url: string; dataDir: string },
): string | undefined {
  const instead = Object.hasOwn(elsewhere, name) ? elsewhere[name]?.(backend) : undefined
  return instead && `Instead of \`convex ${name}\`: ${instead}`
}
