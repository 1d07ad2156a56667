import { internal } from '@rollcall/backend/api'
import { explainUnanswered, findDeployment } from '../backend/findDeployment'
import type { Config } from '../config'
import { parseChanges } from '../settings/parseChanges'
import { renderSettings } from '../settings/renderSettings'
import { say } from '../terminal'

/** Prints the deployment's settings. Answers 0. Throws `UsageError`. */
export async function getSettings({ config, json }: { config: Config; json: boolean }): Promise<number> {
  const api = await findDeployment(config, 'its settings are unknown')
  const settings = await api.run(internal.settings.get, {}).catch((error: unknown) => {
    throw explainUnanswered(api, error, 'The settings are unknown')
  })
  say(json ? JSON.stringify(settings) : renderSettings(settings))
  return 0
}

/** Changes the deployment's settings, all or none, and prints what they are then. Answers 0. Throws `UsageError`. */
export async function setSettings({
  config,
  json,
  typed,
}: {
  config: Config
  json: boolean
  /** `name=value`, one at least. */
  typed: readonly string[]
}): Promise<number> {
  const changes = parseChanges(typed)
  const api = await findDeployment(config, 'nothing was changed')
  const settings = await api.run(internal.settings.update, changes).catch((error: unknown) => {
    throw explainUnanswered(api, error, 'The settings may not have been changed')
  })
  say(json ? JSON.stringify(settings) : renderSettings(settings))
  return 0
}
