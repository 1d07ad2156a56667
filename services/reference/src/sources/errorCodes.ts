import ts from 'typescript'
import type { Source } from './readSources'

/** How a code is written. */
export const CODE = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/

/**
 * Every code that people can be shown, by where it is declared: an exported type named `…Code` that is a union of words, or an
 * exported object named `…Codes` whose keys they are.
 */
export function errorCodes(sources: readonly Source[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const { path, file } of sources) {
    for (const code of file.statements.filter(isExported).flatMap(codesOf)) found.set(code, path)
  }
  return found
}

function isExported(statement: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(statement) &&
    ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true
  )
}

function codesOf(statement: ts.Statement): string[] {
  if (ts.isTypeAliasDeclaration(statement)) {
    return statement.name.text.endsWith('Code') ? ifCodes(wordsOf(statement.type)) : []
  }
  if (!ts.isVariableStatement(statement)) return []
  return statement.declarationList.declarations.flatMap(({ name, initializer }) =>
    ts.isIdentifier(name) && name.text.endsWith('Codes') && initializer ? ifCodes(keysOf(initializer)) : [],
  )
}

function ifCodes(words: string[]): string[] {
  return words.every((word) => CODE.test(word)) ? words : []
}

function wordsOf(type: ts.TypeNode): string[] {
  const parts = ts.isUnionTypeNode(type) ? type.types : [type]
  return parts.flatMap((part) =>
    ts.isLiteralTypeNode(part) && ts.isStringLiteral(part.literal) ? [part.literal.text] : [],
  )
}

function keysOf(expression: ts.Expression): string[] {
  if (ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression))
    return keysOf(expression.expression)
  if (!ts.isObjectLiteralExpression(expression)) return []
  return expression.properties.flatMap(({ name }) =>
    name && (ts.isIdentifier(name) || ts.isStringLiteral(name)) ? [name.text] : [],
  )
}
