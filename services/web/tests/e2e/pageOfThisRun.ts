import { existsSync } from 'node:fs'
import { mkdir, rename, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { inject } from 'vitest'

const PATIENCE_MS = 50_000

/**
 * The folder of the page, built when the first test file of a run needs it and shared by all: none may write to it. Files run
 * side by side: one builds, the others wait for it.
 */
export async function pageOfThisRun(): Promise<string> {
  const folder = inject('pageFolder')
  const page = join(folder, 'page')
  const giveUpAt = Date.now() + PATIENCE_MS
  while (!existsSync(page)) {
    if (await isFirst(join(folder, 'building'))) await build(folder, page)
    else await wait(50)
    if (Date.now() > giveUpAt) throw new Error(`The page was not built within ${PATIENCE_MS} ms`)
  }
  return page
}

async function isFirst(lock: string): Promise<boolean> {
  try {
    await mkdir(lock)
    return true
  } catch (error: unknown) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** A page that cannot be built is tried by every file that needs it: each says why it fails. */
async function build(folder: string, page: string): Promise<void> {
  const draft = join(folder, 'draft')
  try {
    // Here, because Vite takes half a second to load.
    const { builtPage } = await import('./builtPage')
    await builtPage(draft)
  } catch (error: unknown) {
    await rmdir(join(folder, 'building'))
    throw error
  }
  await rename(draft, page)
}
