import ts from 'typescript'

/** Everything that a file is made of, from its top to its end. */
export function nodesIn(file: ts.SourceFile): ts.Node[] {
  const nodes: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    nodes.push(node)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return nodes
}

/** What is called or made, by the last part of its name: `close` of `this.socket.close(…)`, `Response` of `new Response(…)`. */
export interface Call {
  name: string
  args: readonly ts.Expression[]
}

export function callsIn(file: ts.SourceFile): Call[] {
  return nodesIn(file)
    .filter((node) => ts.isCallExpression(node) || ts.isNewExpression(node))
    .map((node) => ({ name: nameOf(node.expression), args: node.arguments ?? [] }))
}

function nameOf(called: ts.Expression): string {
  if (ts.isIdentifier(called)) return called.text
  return ts.isPropertyAccessExpression(called) ? called.name.text : ''
}

/** The value of a property that an object is written with; undefined if it has none of that name, or a method. */
export function propertyOf(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  for (const property of object.properties) {
    if (!property.name || property.name.getText() !== name) continue
    if (ts.isPropertyAssignment(property)) return property.initializer
    if (ts.isShorthandPropertyAssignment(property)) return property.name
  }
  return undefined
}
