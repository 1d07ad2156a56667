import { existsSync } from 'node:fs'
import { posix } from 'node:path'
import { globSync } from 'tinyglobby'
import { visit } from 'unist-util-visit'
import { lineOf, type Document } from '../markdown/Document'
import type { Fault } from './Fault'

/** What in backticks is a path of the repository. */
const PATH = /^(services|docs|codemaps|\.github|\.ci|\.\.)\/\S*$/
/** What is made by a build, and is not there before it. */
const BUILT = /(^|\/)(dist|node_modules)(\/|$)/

/** Paths in backticks that are not there. `{a,b}` stands for each of them, `*` and `<service>` for at least one. */
export function checkPaths(root: string, documents: readonly Document[]): Fault[] {
  return documents.flatMap(({ path, tree }) => {
    const faults: Fault[] = []
    visit(tree, 'inlineCode', (node) => {
      if (!PATH.test(node.value) || BUILT.test(node.value)) return
      for (const named of alternativesOf(node.value)) {
        const pattern = named.replace(/<[^<>]*>/g, '*')
        const wanted = pattern.startsWith('../') ? posix.join(posix.dirname(path), pattern) : pattern
        if (exists(root, wanted)) continue
        faults.push({ path, line: lineOf(node), problem: `there is no ${named}` })
      }
    })
    return faults
  })
}

/** `a/{b,c}.ts` → `a/b.ts`, `a/c.ts`. */
function alternativesOf(pattern: string): string[] {
  const [whole, before = '', inner = '', after = ''] = /^(.*?)\{([^{}]*)\}(.*)$/.exec(pattern) ?? []
  if (whole === undefined) return [pattern]
  return inner.split(',').flatMap((one) => alternativesOf(`${before}${one}${after}`))
}

function exists(root: string, path: string): boolean {
  if (!path.includes('*')) return existsSync(posix.join(root, path))
  return globSync(path, { cwd: root, onlyFiles: false, ignore: ['**/node_modules/**'] }).length > 0
}
