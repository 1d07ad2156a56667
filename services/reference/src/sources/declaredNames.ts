import { basename } from 'node:path'
import ts from 'typescript'
import type { Source } from './readSources'

/** Which names are declared where. */
export interface DeclaredNames {
  /** Anywhere. */
  all: ReadonlySet<string>
  /** In the files of that name, without its ending: of `workers` what `workers.ts` declares. */
  inModule: ReadonlyMap<string, ReadonlySet<string>>
}

/**
 * What can be referred to from elsewhere: declarations at the top of a file and what it imports, members of classes and types,
 * properties of objects, and the words that a type is made of (`'shuttingDown'`). Not what is local to a function.
 */
export function declaredNames(sources: readonly Source[]): DeclaredNames {
  const all = new Set<string>()
  const inModule = new Map<string, Set<string>>()
  for (const { path, file } of sources) {
    const module = basename(path).replace(/\.\w+$/, '')
    const own = inModule.get(module) ?? new Set()
    inModule.set(module, own)
    for (const name of namesIn(file)) {
      all.add(name)
      own.add(name)
    }
  }
  return { all, inModule }
}

function namesIn(file: ts.SourceFile): string[] {
  const names: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && isAtTop(node)) names.push(...boundNames(node.name))
    else if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) names.push(node.literal.text)
    else if (ts.isImportSpecifier(node)) names.push(node.name.text)
    else if (isNamedDeclaration(node)) names.push(...textOf(node.name))
    ts.forEachChild(node, visit)
  }
  visit(file)
  return names
}

function isNamedDeclaration(node: ts.Node): node is ts.Node & { name?: ts.PropertyName } {
  const isTop =
    ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) || ts.isTypeAliasDeclaration(node)
  const isMember =
    ts.isClassElement(node) ||
    ts.isTypeElement(node) ||
    ts.isObjectLiteralElement(node) ||
    ts.isEnumMember(node)
  return isTop || isMember || ts.isInterfaceDeclaration(node) || ts.isEnumDeclaration(node)
}

function isAtTop(node: ts.VariableDeclaration): boolean {
  return ts.isSourceFile(node.parent.parent.parent)
}

function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text]
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : boundNames(element.name)))
}

function textOf(name: ts.PropertyName | undefined): string[] {
  if (name === undefined || ts.isComputedPropertyName(name)) return []
  return [name.text]
}
