import { rm } from 'node:fs/promises'
import type { TestProject } from 'vitest/node'
import { builtPage } from './builtPage'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Folder of the page, built for this run; all test files share it, and none writes to it. */
    page: string
  }
}

/** Builds the page once for all test files of a run, and again before each rerun; removes it after the last. */
export default async function providePage(project: TestProject): Promise<() => Promise<void>> {
  const folder = await builtPage()
  project.provide('page', folder)
  project.onTestsRerun(async () => {
    await builtPage(folder)
  })
  return () => rm(folder, { recursive: true })
}
