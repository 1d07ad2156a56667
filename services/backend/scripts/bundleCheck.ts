/**
 * Lets the official CLI bundle the functions as a deployment would, without one: it stops before the push because of
 * `--debug-bundle-path`. Fails where Convex would refuse the code (Node built-ins in a Convex function, unresolved imports).
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const backendDir = join(import.meta.dirname, '..')
const convexCli = join(backendDir, 'node_modules', 'convex', 'bin', 'main.js')
/** Never asked: the discard port, so that a change of the CLI's behaviour shows as a refused connection. */
const nowhere = 'http://127.0.0.1:9'

const bundle = await mkdtemp(join(tmpdir(), 'rollcall-bundle-'))
try {
  await promisify(execFile)(
    process.execPath,
    [convexCli, 'deploy', '--url', nowhere, '--admin-key', 'unused', '--debug-bundle-path', bundle].concat([
      '--codegen',
      'disable',
      '--typecheck',
      'disable',
      '--yes',
    ]),
    { cwd: backendDir },
  )
} catch (error) {
  const output = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
  process.stderr.write(`Convex would refuse these functions:\n${output}\n`)
  process.exitCode = 1
} finally {
  await rm(bundle, { recursive: true, force: true })
}
