import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { scriptedProviderConfig, startScriptedModel } from '@rollcall/scripted-model'
import { hermeticOpencodeEnv } from '@rollcall/worker/hermetic-env'
import type { Config } from '../config'

export interface Demo {
  /** For the worker, over its own environment: opencode sees the scripted model and nothing of this person's. */
  environment: Record<string, string>
  close(): Promise<void>
}

/** Where opencode works. */
export function demoDirectory({ dataDir, workerDirectory }: Config): string {
  return workerDirectory ?? join(dataDir, 'demo', 'work')
}

/** Starts the scripted model in this process: it answers until the worker has drained, and cannot be left behind. */
export async function startDemo(config: Config): Promise<Demo> {
  const { dataDir } = config
  const folder = join(dataDir, 'demo')
  const directory = demoDirectory(config)
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  mkdirSync(directory, { recursive: true })
  const hermetic = await hermeticOpencodeEnv(join(folder, 'opencode'))
  const model = await startScriptedModel()
  const opencode = {
    ...scriptedProviderConfig(model.url),
    autoupdate: false,
    share: 'disabled',
    snapshot: false,
    lsp: false,
    formatter: false,
    permission: { edit: 'allow', bash: 'allow', webfetch: 'deny' },
  }
  return {
    environment: {
      ...hermetic,
      OPENCODE_CONFIG_CONTENT: JSON.stringify(opencode),
      WORKER_DIRECTORY: directory,
    },
    close: () => model.close(),
  }
}
