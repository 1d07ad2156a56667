import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import type { Config } from '../config'
import { credentialsFolder } from '../pairing/CredentialsEntry'
import { paths } from '../paths'
import type { Finding } from './Finding'
import { tokenFilesOf } from './token'

export interface PathFacts {
  path: string
  isFolder: boolean
  /** The permission bits. */
  mode: number
  isOurs: boolean
}

const FOR_OTHERS = 0o077
const secrets = ['WORKER_TOKEN', 'CONVEX_DEPLOY_KEY']

/** Looks at every folder and file here that holds a secret; what does not exist yet is left out. */
export function inspectPermissions(
  config: Pick<Config, 'convexUrl' | 'dataDir' | 'configDir'>,
  envFile = join(paths.repo, '.env.local'),
): PathFacts[] {
  const { convexUrl, dataDir, configDir } = config
  const places = [
    dataDir,
    join(dataDir, 'admin-key'),
    ...(convexUrl === undefined ? [] : [credentialsFolder(configDir, convexUrl)]),
    ...tokenFilesOf(config),
    join(configDir, 'service.env'),
    ...(holdsSecret(envFile) ? [envFile] : []),
  ]
  return places.filter((path) => existsSync(path)).map(factsOf)
}

/** One finding a path that others can read, or that is somebody else's; one if there is none. */
export function judgePermissions(facts: readonly PathFacts[]): Finding[] {
  const findings = facts.flatMap(judgePath)
  if (findings.length > 0) return findings
  const message =
    facts.length === 0 ? 'Nothing is kept here yet.' : 'Only you can read the data folder and the secrets.'
  return [{ check: 'permissions', state: 'ok', message }]
}

function judgePath({ path, isFolder, mode, isOurs }: PathFacts): Finding[] {
  const check = 'permissions'
  if (!isOurs) {
    return [
      {
        check,
        state: 'problem',
        message: `${path} belongs to another user.`,
        cure: 'Make it yours, with everything in it.',
        command: `sudo chown -R "$(id -un)" '${path}'`,
      },
    ]
  }
  if ((mode & FOR_OTHERS) === 0) return []
  const right = isFolder ? '700' : '600'
  return [
    {
      check,
      state: 'problem',
      message: `${path} has mode ${mode.toString(8).padStart(4, '0')}: others can get at the secrets in it.`,
      cure: 'Keep it to yourself.',
      command: `chmod ${right} '${path}'`,
    },
  ]
}

function factsOf(path: string): PathFacts {
  const { mode, uid } = lstatSync(path)
  const isFolder = (mode & 0o170000) === 0o040000
  return { path, isFolder, mode: mode & 0o777, isOurs: uid === process.getuid?.() }
}

function holdsSecret(envFile: string): boolean {
  if (!existsSync(envFile)) return false
  const values = parseEnv(readFileSync(envFile, 'utf8'))
  return secrets.some((name) => (values[name] ?? '') !== '')
}
