import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export type ModuleMap = Record<string, () => Promise<unknown>>

/** The modules of a folder of Convex functions as convex-test wants them; files that end in `ending`. */
export function moduleMap(folder: string, ending: '.ts' | '.js'): ModuleMap {
  const names = readdirSync(folder).filter((name) => name.endsWith(ending) && !name.endsWith('.d.ts'))
  const load = (name: string) => () => import(pathToFileURL(join(folder, name)).href) as Promise<unknown>
  return {
    // By this name it finds where the others are.
    'convex/_generated/api.js': () => Promise.resolve({}),
    ...Object.fromEntries(names.map((name) => [`convex/${name}`, load(name)])),
  }
}
