import ts from 'typescript'
import { code, table } from '../markdown/table'
import { docstringOf } from '../sources/docstring'
import type { Source } from '../sources/readSources'

const READER = 'services/backend/convex/model/environment.ts'

/** The environment variables that the functions read, by the functions that read them. Throws for one without a docstring. */
export function deploymentVariablesTable(sources: readonly Source[]): string {
  const reader = sources.find(({ path }) => path === READER)
  if (!reader) throw new Error(`there is no ${READER}`)
  const rows = reader.file.statements.filter(ts.isFunctionDeclaration).map((declaration) => {
    const doc = docstringOf(declaration)
    if (doc === undefined) throw new Error(`${READER}: ${declaration.name?.text} has no docstring`)
    return [variablesIn(declaration).map(code).join(', '), doc]
  })
  return table(['variable', 'what it is'], rows)
}

/** Of `process.env['NAME']`. */
function variablesIn(root: ts.Node): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isElementAccessExpression(node) && node.expression.getText() === 'process.env') {
      if (ts.isStringLiteral(node.argumentExpression)) found.push(node.argumentExpression.text)
    }
    ts.forEachChild(node, visit)
  }
  visit(root)
  return found
}
