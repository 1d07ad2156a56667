/**
 * Keeps the documents true: writes those that are made from the code; with `--check` writes nothing, but compares them with it, and
 * what the others say of it. Ends with 1, a line for each fault, if something is not so.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkCodes } from './checks/checkCodes'
import { checkGenerated } from './checks/checkGenerated'
import { checkLinks } from './checks/checkLinks'
import { checkNames } from './checks/checkNames'
import { checkPaths } from './checks/checkPaths'
import { checkTables } from './checks/checkTables'
import { describeFault, type Fault } from './checks/Fault'
import { documents } from './documents'
import { readDocuments } from './markdown/Document'
import { repo } from './paths'
import { declaredNames } from './sources/declaredNames'
import { errorCodes } from './sources/errorCodes'
import { readSources, type Source } from './sources/readSources'
import { troubleshootingTables } from './troubleshootingTables'

async function write(sources: readonly Source[]): Promise<void> {
  for (const { path, text } of await documents(repo, sources)) writeFileSync(join(repo, path), text)
}

async function check(sources: readonly Source[]): Promise<Fault[]> {
  const read = readDocuments(repo)
  const faults = [
    ...checkGenerated(repo, await documents(repo, sources)),
    ...checkPaths(repo, read),
    ...checkLinks(repo, read),
    ...checkNames(read, declaredNames(sources)),
    ...checkCodes(repo, errorCodes(sources)),
    ...checkTables(read, troubleshootingTables(sources)),
  ]
  if (faults.length === 0) process.stdout.write(`${read.length} documents say what the code says.\n`)
  return faults
}

const sources = readSources(repo)
if (process.argv.includes('--check')) {
  const faults = await check(sources)
  for (const fault of faults) process.stderr.write(`${describeFault(fault)}\n`)
  process.exitCode = faults.length > 0 ? 1 : 0
} else {
  await write(sources)
}
