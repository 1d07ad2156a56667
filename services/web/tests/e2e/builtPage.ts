import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'

/** Builds the page as it is now into `folder`, a temporary one unless given, and answers it. The caller removes it. */
export async function builtPage(given?: string): Promise<string> {
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'rollcall-page-')))
  await build({
    root: join(import.meta.dirname, '../..'),
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true },
  })
  return folder
}
