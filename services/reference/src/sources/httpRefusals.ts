import ts from 'typescript'
import { listOf, type Found, type Listed } from './Listed'
import type { ReadLiterals } from './literalReader'
import { callsIn, nodesIn, propertyOf } from './nodesIn'
import type { Source } from './readSources'

/** What is made of a status, a code and a sentence. */
const REFUSALS = ['HttpRefusal', 'refusal']
/** How these codes are written: as Convex writes its own. */
const HTTP_CODE = /^[A-Z][a-z]\w*( [A-Z][a-z]\w*)*$/

/**
 * The codes with which HTTP requests are refused, with their statuses: of what is made for it, and of objects with such a `code`.
 * Throws where it cannot be told which code it is.
 */
export function httpRefusals(sources: readonly Source[], literals: ReadLiterals): Listed {
  return listOf(sources.flatMap((source) => [...madeIn(source, literals), ...writtenIn(source, literals)]))
}

function madeIn({ path, file }: Source, literals: ReadLiterals): Found[] {
  return callsIn(file)
    .filter(({ name }) => REFUSALS.includes(name))
    .flatMap(({ name, args: [status, code] }) => {
      const statuses = status && literals(status)
      const codes = code && literals(code)
      if (!statuses || !codes) throw new Error(`${path}: it cannot be told what this ${name} says`)
      return codes.flatMap((word) =>
        statuses.map((beside) => ({ word: String(word), path, beside: Number(beside) })),
      )
    })
}

function writtenIn({ path, file }: Source, literals: ReadLiterals): Found[] {
  return nodesIn(file)
    .filter(ts.isObjectLiteralExpression)
    .flatMap((object) => {
      const code = propertyOf(object, 'code')
      const words = (code && literals(code))?.map(String).filter((word) => HTTP_CODE.test(word)) ?? []
      return words.map((word) => ({ word, path, beside: statusOfCall(object, literals) }))
    })
}

/** Of the call that an object is handed to. */
function statusOfCall({ parent }: ts.Node, literals: ReadLiterals): number | undefined {
  return ts.isCallExpression(parent) ? statusesIn(parent.arguments, literals)[0] : undefined
}

/** The statuses of refusals and faults that a call is given, by themselves or as the `status` of an object. */
export function statusesIn(args: readonly ts.Expression[], literals: ReadLiterals): number[] {
  return args
    .map((arg) => (ts.isObjectLiteralExpression(arg) ? propertyOf(arg, 'status') : arg))
    .flatMap((arg) => (arg && literals(arg)) ?? [])
    .filter((value) => typeof value === 'number' && value >= 400 && value < 600)
    .map(Number)
}
