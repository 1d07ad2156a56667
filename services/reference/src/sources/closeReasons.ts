import ts from 'typescript'
import { listOf, type Found, type Listed } from './Listed'
import type { ReadLiterals } from './literalReader'
import { callsIn } from './nodesIn'
import type { Source } from './readSources'

/** The reasons for which WebSockets are closed, with the codes of their frames. Throws where it cannot be told which reason it is. */
export function closeReasons(sources: readonly Source[], literals: ReadLiterals): Listed {
  return listOf(sources.flatMap((source) => reasonsIn(source, literals)))
}

function reasonsIn({ path, file }: Source, literals: ReadLiterals): Found[] {
  return callsIn(file)
    .filter(({ name, args }) => name === 'close' && args.length === 2 && !args.every(isHandedOn))
    .flatMap(({ args: [code, reason] }) => {
      const codes = code && literals(code)
      const reasons = reason && literals(reason)
      if (!codes || !reasons) throw new Error(`${path}: it cannot be told for which reason this closes`)
      return reasons.flatMap((word) =>
        codes.map((beside) => ({ word: String(word), path, beside: Number(beside) })),
      )
    })
}

/** A parameter of the function around it: who calls that says what it is. */
function isHandedOn(arg: ts.Expression): boolean {
  if (!ts.isIdentifier(arg)) return false
  const around = ts.findAncestor(arg, ts.isFunctionLike)
  return around?.parameters.some(({ name }) => name.getText() === arg.text) === true
}
