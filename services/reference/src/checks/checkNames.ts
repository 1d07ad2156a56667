import type { RootContent } from 'mdast'
import { visit } from 'unist-util-visit'
import { lineOf, plainText, type Document } from '../markdown/Document'
import type { DeclaredNames } from '../sources/declaredNames'
import type { Fault } from './Fault'

/** Sections of a codemap that speak of the code by its names. */
const sections = ['Files', 'Contracts']
const DOTTED = /^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*(\(\))?$/
/** What looks like a name of the code, and not like a word, a command or an event. */
const NAME = /^([a-z]+[A-Z]\w*|[A-Z][a-z]\w*)$/

/** Names in backticks, in the codemaps' tables of files and in their contracts, that the sources do not declare. */
export function checkNames(documents: readonly Document[], names: DeclaredNames): Fault[] {
  return documents
    .filter(({ path }) => path.startsWith('codemaps/'))
    .flatMap(({ path, tree }) => sectionsOf(tree.children).flatMap((part) => unknownIn(path, part, names)))
}

function sectionsOf(parts: readonly RootContent[]): RootContent[] {
  let isWanted = false
  return parts.filter((part) => {
    if (part.type === 'heading') isWanted = sections.includes(plainText(part))
    return isWanted
  })
}

function unknownIn(path: string, part: RootContent, names: DeclaredNames): Fault[] {
  const faults: Fault[] = []
  visit(part, 'inlineCode', (node) => {
    if (!DOTTED.test(node.value)) return
    const parts = node.value.replace('()', '').split('.')
    parts.forEach((name, index) => {
      if (!NAME.test(name)) return
      const module = parts[index - 1]
      const known = (module !== undefined && names.inModule.get(module)) || names.all
      if (known.has(name) || names.inModule.has(name)) return
      const where = known === names.all ? 'no source declares' : `no ${module}.ts declares`
      faults.push({ path, line: lineOf(node), problem: `${where} ${name}` })
    })
  })
  return faults
}
