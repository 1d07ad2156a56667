import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { globSync } from 'tinyglobby'
import ts from 'typescript'

/** A source file, parsed. `path` is from the repository's folder, with slashes. */
export interface Source {
  path: string
  file: ts.SourceFile
}

/** Everything that people write and programs run: no tests, nothing generated or built. */
const patterns = ['services/*/{src,convex,contract,scripts}/**/*.{ts,tsx,js}']
const ignore = ['**/_generated/**', '**/node_modules/**', '**/dist/**']

/** The sources of all services below `root`, by their paths. */
export function readSources(root: string): Source[] {
  const paths = globSync(patterns, { cwd: root, ignore }).sort()
  return paths.map((path) => ({ path, file: parseSource(path, readFileSync(join(root, path), 'utf8')) }))
}

export function parseSource(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
}
