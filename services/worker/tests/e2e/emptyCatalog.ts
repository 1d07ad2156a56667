import { fileURLToPath } from 'node:url'

/**
 * For the environment of an opencode whose models are all in its configuration: its own catalog of all providers' models, which
 * costs each opencode two seconds of processor time, is empty.
 */
export const emptyCatalog = {
  OPENCODE_MODELS_PATH: fileURLToPath(new URL('./emptyCatalog.json', import.meta.url)),
}
