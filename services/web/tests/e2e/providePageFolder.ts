import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Empty when a run begins: for the page that `pageOfThisRun` builds. */
    pageFolder: string
  }
}

/** Makes the folder in which the test files of a run share one page, and removes it after them. */
export default async function providePageFolder(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-page-'))
  project.provide('pageFolder', folder)
  project.onTestsRerun(async () => {
    await rm(folder, { recursive: true })
    await mkdir(folder)
  })
  return () => rm(folder, { recursive: true })
}
