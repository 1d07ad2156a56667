/**
 * Regenerates `convex/_generated` with the official `convex codegen`, without a deployment: that command asks a deployment
 * two things, which a small local server answers for an app without components. `--check` fails if anything changed.
 */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const backendDir = join(import.meta.dirname, '..')
const generatedDir = join(backendDir, 'convex', '_generated')
const convexCli = join(backendDir, 'node_modules', 'convex', 'bin', 'main.js')

const emptyApp = {
  definitionPath: '',
  componentPath: '',
  args: {},
  childComponents: {},
  httpRoutes: { httpModuleRoutes: null, mounts: [] },
  exports: {},
}

/** Answers to `POST /api/get_config_hashes` and `POST /api/deploy2/start_push` (convex 1.48, `src/cli/lib/deployApi`). */
const answers: Record<string, unknown> = {
  '/api/get_config_hashes': {
    config: { functions: 'convex/' },
    moduleHashes: [],
    nodeDependencies: [],
    udfServerVersion: '1.48.0',
  },
  '/api/deploy2/start_push': {
    environmentVariables: {},
    externalDepsId: null,
    componentDefinitionPackages: {},
    appAuth: [],
    analysis: {
      '': {
        path: '',
        definition: {
          path: '',
          definitionType: { type: 'app' },
          childComponents: [],
          httpMounts: {},
          exports: { type: 'branch', branch: [] },
        },
        schema: null,
        functions: {},
        udfConfig: { serverVersion: '1.48.0', importPhaseRngSeed: [], importPhaseUnixTimestamp: '0' },
      },
    },
    app: emptyApp,
    schemaChange: { allocatedComponentIds: {}, schemaIds: {} },
  },
}

async function generate(): Promise<void> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      const answer = answers[request.url ?? '']
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
      response.end(
        JSON.stringify(answer ?? { code: 'NotFound', message: `no answer to ${request.url ?? ''}` }),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  try {
    await promisify(execFile)(
      process.execPath,
      [convexCli, 'codegen', '--url', url, '--admin-key', 'unused', '--typecheck', 'disable'],
      { cwd: backendDir },
    )
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

async function contents(directory: string): Promise<Map<string, string>> {
  const names = (await readdir(directory)).sort()
  return new Map(
    await Promise.all(
      names.map(async (name) => [name, await readFile(join(directory, name), 'utf8')] as const),
    ),
  )
}

async function check(): Promise<boolean> {
  const before = await contents(generatedDir)
  const backup = await mkdtemp(join(tmpdir(), 'rollcall-codegen-'))
  await cp(generatedDir, backup, { recursive: true })
  try {
    await generate()
    const after = await contents(generatedDir)
    return JSON.stringify([...before]) === JSON.stringify([...after])
  } finally {
    await rm(generatedDir, { recursive: true, force: true })
    await cp(backup, generatedDir, { recursive: true })
    await rm(backup, { recursive: true, force: true })
  }
}

if (process.argv.includes('--check')) {
  if (!(await check())) {
    process.stderr.write('convex/_generated is out of date: run `pnpm codegen` and commit the result.\n')
    process.exitCode = 1
  }
} else {
  await generate()
}
