// @ts-check
/** Makes one JavaScript file of each program that only the tests start, so that no start of it carries a compiler either. */
import { buildProgram } from './buildPrograms.js'

const programs = ['supervise', 'crashingWorker', 'hangingWorker'].map((name) => ({
  entry: `worker/tests/e2e/programs/${name}.ts`,
  output: `worker/dist/test-${name}.js`,
}))

/** Builds all of them, as `buildPrograms` does. */
export default async function buildTestPrograms() {
  await Promise.all(programs.map(buildProgram))
}
