import ts from 'typescript'

/** The docstring above a declaration, on one line; undefined if it has none. */
export function docstringOf(node: ts.Node): string | undefined {
  const docs = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc)
  return onOneLine(ts.getTextOfJSDocComment(docs.at(-1)?.comment))
}

/** What a file says of itself at its top, before its imports. */
export function moduleDocstring(file: ts.SourceFile): string | undefined {
  const [first] = file.statements
  return first && ts.isImportDeclaration(first) ? docstringOf(first) : undefined
}

function onOneLine(text: string | undefined): string | undefined {
  return text?.replace(/\s+/g, ' ').trim() || undefined
}
