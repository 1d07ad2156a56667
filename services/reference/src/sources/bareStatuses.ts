import ts from 'typescript'
import { statusesIn } from './httpRefusals'
import { listOf, type Found, type Listed } from './Listed'
import type { ReadLiterals } from './literalReader'
import { callsIn, nodesIn, propertyOf, type Call } from './nodesIn'
import type { Source } from './readSources'

/** What answers a request. */
const ANSWERS = ['Response', 'json', 'replyJson', 'replyText']
/** What is written to a socket itself. */
const RAW = /^HTTP\/1\.1 (\d{3}) /

/** The statuses, from 400 on, that are answered without a code. */
export function bareStatuses(sources: readonly Source[], literals: ReadLiterals): Listed {
  return listOf(sources.flatMap((source) => statusesOf(source, literals)))
}

function statusesOf({ path, file }: Source, literals: ReadLiterals): Found[] {
  const answered = callsIn(file)
    .filter((call) => ANSWERS.includes(call.name) && !hasCode(call))
    .flatMap(({ args }) => statusesIn(args, literals).map(String))
  const raw = nodesIn(file)
    .filter(ts.isStringLiteral)
    .flatMap(({ text }) => RAW.exec(text)?.[1] ?? [])
  return [...answered, ...raw].map((word) => ({ word, path }))
}

function hasCode({ args }: Call): boolean {
  return args.some((arg) => ts.isObjectLiteralExpression(arg) && propertyOf(arg, 'code') !== undefined)
}
