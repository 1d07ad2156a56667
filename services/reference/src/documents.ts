import type { Generated } from './checks/checkGenerated'
import { apiDocument } from './api/apiDocument'
import { configurationDocument } from './configuration/configurationDocument'
import type { Source } from './sources/readSources'

/** The documents that are made from the code. */
export async function documents(root: string, sources: readonly Source[]): Promise<Generated[]> {
  return [
    { path: 'docs/api.md', text: await apiDocument(root, sources) },
    { path: 'docs/configuration.md', text: configurationDocument(sources) },
  ]
}
