import type { ValidatorJSON } from 'convex/values'

/** A type with more is written on several lines. */
const LINE = 90
const INDENT = '  '

/** What a validator takes, as a TypeScript type. `nameOf` answers the name of a type that is written down elsewhere. */
export function typeText(
  validator: ValidatorJSON,
  nameOf: (validator: ValidatorJSON) => string | undefined,
  indent = '',
): string {
  const inner = (part: ValidatorJSON, deeper = indent) => nameOf(part) ?? typeText(part, nameOf, deeper)
  switch (validator.type) {
    case 'object': {
      const page = pageOf(validator.value)
      if (page) return `PaginationResult<${inner(page)}>`
      const deeper = indent + INDENT
      const fields = Object.entries(validator.value).map(
        ([name, { fieldType, optional }]) => `${name}${optional ? '?' : ''}: ${inner(fieldType, deeper)}`,
      )
      return fields.length === 0 ? '{}' : braced(fields, indent)
    }
    case 'array': {
      const item = inner(validator.value)
      return validator.value.type === 'union' && item.includes('|') ? `(${item})[]` : `${item}[]`
    }
    case 'union': {
      const line = validator.value.map((part) => inner(part)).join(' | ')
      if (validator.value.length < 2 || (line.length <= LINE && !line.includes('\n'))) return line
      const bar = `\n${indent}${INDENT}| `
      return validator.value.map((part) => `${bar}${inner(part, indent + INDENT + INDENT)}`).join('')
    }
    case 'record':
      return `Record<${inner(validator.keys)}, ${inner(validator.values.fieldType)}>`
    case 'literal':
      return typeof validator.value === 'string' ? `'${validator.value}'` : JSON.stringify(validator.value)
    case 'id':
      return `Id<'${validator.tableName}'>`
    case 'bytes':
      return 'ArrayBuffer'
    case 'string':
    case 'number':
    case 'boolean':
    case 'null':
    case 'any':
    case 'bigint':
    case 'commitTs':
      return validator.type
    default:
      return validator satisfies never
  }
}

/** What is in the pages, if the fields are those of Convex's answer to a paginated query. */
function pageOf(fields: Extract<ValidatorJSON, { type: 'object' }>['value']): ValidatorJSON | undefined {
  const page = fields['page']?.fieldType
  return 'continueCursor' in fields && 'isDone' in fields && page?.type === 'array' ? page.value : undefined
}

function braced(fields: readonly string[], indent: string): string {
  const line = `{ ${fields.join('; ')} }`
  if (line.length + indent.length <= LINE && !line.includes('\n')) return line
  return `{\n${fields.map((field) => `${indent}${INDENT}${field}\n`).join('')}${indent}}`
}
