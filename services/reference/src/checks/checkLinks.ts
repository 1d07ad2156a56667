import { existsSync } from 'node:fs'
import { posix } from 'node:path'
import { visit } from 'unist-util-visit'
import { anchorsOf, lineOf, readDocument, type Document } from '../markdown/Document'
import type { Fault } from './Fault'

const ELSEWHERE = /^[a-z][a-z0-9+.-]*:/i

/** Links and images within the repository that lead nowhere: to no file, or to no heading of a document. */
export function checkLinks(root: string, documents: readonly Document[]): Fault[] {
  const anchors = new Map<string, Set<string>>()
  const anchorsAt = (path: string): Set<string> => {
    const known = anchors.get(path) ?? anchorsOf(readDocument(root, path))
    anchors.set(path, known)
    return known
  }
  return documents.flatMap(({ path, tree }) => {
    const faults: Fault[] = []
    visit(tree, (node) => {
      if (node.type !== 'link' && node.type !== 'image' && node.type !== 'definition') return
      if (ELSEWHERE.test(node.url) || node.url.startsWith('//')) return
      const [file = '', anchor] = decodeURIComponent(node.url).split('#')
      const target = file === '' ? path : posix.join(posix.dirname(path), file)
      const problem = !existsSync(posix.join(root, target))
        ? `the link leads to ${target}, which does not exist`
        : anchor && target.endsWith('.md') && !anchorsAt(target).has(anchor)
          ? `${target} has no heading #${anchor}`
          : undefined
      if (problem) faults.push({ path, line: lineOf(node), problem })
    })
    return faults
  })
}
