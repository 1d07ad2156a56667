import ts from 'typescript'
import { docstringOf } from '../sources/docstring'
import type { Source } from '../sources/readSources'

/** HTTP endpoints that one function or class answers. */
export interface Endpoints {
  doc: string | undefined
  /** As `GET /api/check_admin_key`; where every method is answered alike, the path alone. */
  routes: { route: string; doc: string }[]
}

const ROUTE = /^((GET|POST|PUT|DELETE) )?\/[\w/.-]*$/

/**
 * The endpoints among the `sources`: properties of objects that are named as routes are, by the declaration around them. Throws
 * for one about which neither it nor what handles it says anything.
 */
export function readEndpoints(sources: readonly Source[]): Endpoints[] {
  return sources.flatMap(({ path, file }) =>
    file.statements.flatMap((statement) => {
      const routes: Endpoints['routes'] = []
      const visit = (node: ts.Node): void => {
        if (ts.isPropertyAssignment(node) && ts.isStringLiteral(node.name) && ROUTE.test(node.name.text)) {
          const doc = docstringOf(node) ?? docstringOfHandler(node.initializer, file)
          if (doc === undefined) throw new Error(`${path}: ${node.name.text} has no docstring`)
          routes.push({ route: node.name.text, doc })
        }
        ts.forEachChild(node, visit)
      }
      visit(statement)
      return routes.length === 0 ? [] : [{ doc: docstringOf(statement), routes }]
    }),
  )
}

function docstringOfHandler(handler: ts.Expression, file: ts.SourceFile): string | undefined {
  if (!ts.isIdentifier(handler)) return undefined
  const declared = file.statements
    .filter(ts.isVariableStatement)
    .find(({ declarationList }) =>
      declarationList.declarations.some(({ name }) => name.getText() === handler.text),
    )
  return declared && docstringOf(declared)
}
