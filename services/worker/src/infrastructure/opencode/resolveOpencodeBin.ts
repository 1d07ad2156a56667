import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as z from 'zod'
import { OpencodeStartError } from './errors'

const manifestSchema = z.object({ bin: z.object({ opencode: z.string() }) })

/**
 * The binary that the npm package `opencode-ai` brings for this platform, as the module at `from` finds it (a path, or the URL
 * of a file). Throws `OpencodeStartError` if it is not installed.
 */
export function resolveOpencodeBin(from = import.meta.url): string {
  try {
    const manifest = createRequire(from).resolve('opencode-ai/package.json')
    const { bin } = manifestSchema.parse(JSON.parse(readFileSync(manifest, 'utf8')))
    return join(dirname(manifest), bin.opencode)
  } catch (error: unknown) {
    throw new OpencodeStartError(
      'OPENCODE_MISSING',
      'opencode is not installed: run the install command again, or set OPENCODE_BIN to the path of an opencode binary.',
      { cause: error },
    )
  }
}
