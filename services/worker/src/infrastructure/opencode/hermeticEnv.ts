import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * An environment in which opencode keeps everything under `homeDir`, asks nothing of the network, and sees no
 * configuration, key or plugin of the person at this machine. For tests and `--demo`.
 *
 * Prepares `homeDir` (made if absent). Its configuration folder is seeded as if opencode's plugin package were installed
 * there already: without that a first run would fetch it from the npm registry, which takes long and can swallow a SIGTERM.
 */
export async function hermeticOpencodeEnv(homeDir: string): Promise<Record<string, string>> {
  const folders = {
    HOME: homeDir,
    XDG_CONFIG_HOME: join(homeDir, 'config'),
    XDG_DATA_HOME: join(homeDir, 'data'),
    XDG_STATE_HOME: join(homeDir, 'state'),
    XDG_CACHE_HOME: join(homeDir, 'cache'),
    TMPDIR: join(homeDir, 'tmp'),
  }
  await Promise.all(Object.values(folders).map((folder) => mkdir(folder, { recursive: true })))
  await seedConfigFolder(join(folders.XDG_CONFIG_HOME, 'opencode'))
  return {
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    ...folders,
    ...Object.fromEntries(disabled.map((name) => [`OPENCODE_DISABLE_${name}`, '1'])),
  }
}

const disabled = [
  'AUTOUPDATE',
  'MODELS_FETCH',
  'LSP_DOWNLOAD',
  'DEFAULT_PLUGINS',
  'SHARE',
  'CLAUDE_CODE',
  'EXTERNAL_SKILLS',
  'EMBEDDED_WEB_UI',
]

async function seedConfigFolder(folder: string): Promise<void> {
  const dependencies = { '@opencode-ai/plugin': '*' }
  const lock = { name: 'opencode', lockfileVersion: 3, requires: true, packages: { '': { dependencies } } }
  await mkdir(join(folder, 'node_modules'), { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify({ dependencies }))
  await writeFile(join(folder, 'package-lock.json'), JSON.stringify(lock))
}
