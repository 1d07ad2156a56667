import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const services = fileURLToPath(new URL('../../', import.meta.url))

/** Where the parts live that this program puts together; programs as `scripts/buildPrograms.js` leaves them. */
export const paths = {
  repo: dirname(services.replace(/\/$/, '')),
  backend: join(services, 'backend'),
  functions: join(services, 'backend', 'convex'),
  contract: join(services, 'backend', 'contract'),
  backendProgram: join(services, 'embedded-backend', 'dist', 'main.js'),
  worker: join(services, 'worker'),
  workerProgram: join(services, 'worker', 'dist', 'index.js'),
  program: join(services, 'cli', 'dist', 'index.js'),
  buildProgram: join(services, 'cli', 'scripts', 'buildPrograms.js'),
  devServerProgram: join(services, 'cli', 'dist', 'devServerProgram.js'),
  web: join(services, 'web'),
  page: join(services, 'web', 'dist'),
} as const

/** The program of Vite, as the page's own package has it. */
export function viteProgram(): string {
  const manifest = createRequire(join(paths.web, 'package.json')).resolve('vite/package.json')
  return join(dirname(manifest), 'bin', 'vite.js')
}

/** The program of the Convex CLI, as the functions' own package has it. */
export function convexProgram(): string {
  const manifest = createRequire(join(paths.backend, 'package.json')).resolve('convex/package.json')
  return join(dirname(manifest), 'bin', 'main.js')
}
