import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const convex = join(import.meta.dirname, '../../convex')

/** A folder with the backend's functions as they are, and `seed:machine` besides. The caller removes it. */
export async function seededFunctions(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rollcall-functions-'))
  const modules = (await readdir(convex)).filter((name) => name.endsWith('.ts'))
  const seed = join(import.meta.dirname, 'seed.ts')
  await Promise.all([
    ...modules.map((name) => reexport(join(convex, name), join(folder, name))),
    reexport(seed, join(folder, 'seed.ts')),
  ])
  return folder
}

async function reexport(module: string, as: string): Promise<void> {
  const from = JSON.stringify(module)
  const hasDefault = (await readFile(module, 'utf8')).includes('export default')
  await writeFile(as, `export * from ${from}\n${hasDefault ? `export { default } from ${from}\n` : ''}`)
}
