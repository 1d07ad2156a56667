import { buildProgram } from '@rollcall/cli/build-programs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const services = join(import.meta.dirname, '../../../..')
const programsFolder = join(import.meta.dirname, '../programs')

/** What the fleet is made of: files for Node, except the light opencode, which can be executed. */
export interface Programs {
  supervise: string
  worker: string
  seam: string
  lightOpencode: string
}

/**
 * Builds what only chaos starts; the programs that people start must be built. `folder` takes the one that is not built. `worker`: in
 * place of the real one.
 */
export async function preparePrograms(folder: string, worker?: string): Promise<Programs> {
  await buildProgram({ entry: 'proof/src/chaos/programs/supervise.ts', output: 'proof/dist/supervise.js' })
  const seam = join(programsFolder, 'seam.js')
  const lightOpencode = join(folder, 'opencode')
  const light = join(programsFolder, 'lightOpencode.js')
  await mkdir(folder, { recursive: true })
  await writeFile(lightOpencode, `#!/bin/sh\nexec '${process.execPath}' --import '${seam}' '${light}' "$@"\n`)
  await chmod(lightOpencode, 0o755)
  return {
    supervise: join(services, 'proof/dist/supervise.js'),
    worker: worker ?? join(services, 'worker/dist/index.js'),
    seam,
    lightOpencode,
  }
}
