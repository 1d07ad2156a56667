import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { resolveOpencodeBin } from '@rollcall/worker/resolve-opencode-bin'
import type { Config } from '../config'
import { paths } from '../paths'
import type { Finding } from './Finding'

export type OpencodeFacts =
  | { kind: 'missing' }
  | { kind: 'broken'; path: string; why: string }
  | { kind: 'found'; path: string; version: string }

const VERSION_MS = 20_000

/** Runs the opencode that a worker would run, to ask it for its version; it leaves nothing behind. */
export async function inspectOpencode({
  opencodeBin,
  environment,
}: Pick<Config, 'opencodeBin' | 'environment'>): Promise<OpencodeFacts> {
  const path = opencodeBin ?? packagedOpencode()
  if (path === undefined) return { kind: 'missing' }
  // It makes its folders even when it is asked for nothing but its version.
  const home = mkdtempSync(join(tmpdir(), 'rollcall-doctor-'))
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], {
      env: { ...environment, HOME: home, ...xdgFolders(home) },
      timeout: VERSION_MS,
    })
    return { kind: 'found', path, version: stdout.trim().split('\n', 1)[0] ?? '' }
  } catch (error: unknown) {
    return {
      kind: 'broken',
      path,
      why: error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error),
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

export function judgeOpencode(facts: OpencodeFacts): Finding {
  const check = 'opencode'
  switch (facts.kind) {
    case 'found':
      return { check, state: 'ok', message: `opencode ${facts.version}, ${facts.path}.` }
    case 'missing':
      return {
        check,
        state: 'problem',
        message: 'opencode is not installed.',
        cure: 'Install what Rollcall brings along, or set OPENCODE_BIN to the path of an opencode.',
        command: 'npx --yes pnpm@12 install',
      }
    case 'broken':
      return {
        check,
        state: 'problem',
        message: `opencode does not run: ${facts.why}.`,
        cure: 'Install again, or set OPENCODE_BIN to the path of an opencode that runs.',
        command: 'npx --yes pnpm@12 install --force',
      }
    default:
      return facts satisfies never
  }
}

/** As the worker finds it: in the package that comes along. */
function packagedOpencode(): string | undefined {
  try {
    return resolveOpencodeBin(join(paths.worker, 'package.json'))
  } catch {
    return undefined
  }
}

function xdgFolders(home: string): Record<string, string> {
  const names = ['XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME']
  return Object.fromEntries(names.map((name) => [name, join(home, name)]))
}
