import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import ts from 'typescript'
import { parseSource, type Source } from './readSources'

/** What an expression can be, if its type is made of words and numbers alone; else undefined. */
export type ReadLiterals = (node: ts.Expression) => readonly (string | number)[] | undefined

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  // It has promises; what the language has got since is not asked about, and takes its time to load.
  lib: ['lib.es5.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowJs: true,
  strict: true,
  types: [],
}

/** Reads by the types that the `sources` give each other. What they import of packages is not known. */
export function literalReader(sources: readonly Source[]): ReadLiterals {
  const rootNames = sources.map(({ path }) => path)
  const checker = ts.createProgram({ rootNames, options, host: hostOf(sources) }).getTypeChecker()
  return (node) => {
    const type = checker.getTypeAtLocation(node)
    const parts = type.isUnion() ? type.types : [type]
    const values = parts.flatMap((part) =>
      part.isStringLiteral() || part.isNumberLiteral() ? [part.value] : [],
    )
    return values.length === parts.length ? values : undefined
  }
}

/** Files are the `sources`, at the top of a disk that has nothing else, and TypeScript's own. */
function hostOf(sources: readonly Source[]): ts.CompilerHost {
  const files = new Map(sources.map(({ path, file }) => [path, file]))
  const own = (name: string) => files.get(name.replace(/^\//, ''))
  const library = ts.getDefaultLibFilePath(options)
  return {
    getSourceFile: (name) => {
      if (!name.startsWith(dirname(library))) return own(name)
      return parseSource(name, readFileSync(name, 'utf8'))
    },
    fileExists: (name) => own(name) !== undefined,
    readFile: (name) => own(name)?.text,
    getDefaultLibFileName: () => library,
    getDefaultLibLocation: () => dirname(library),
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    writeFile: () => undefined,
  }
}
