import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { visit } from 'unist-util-visit'
import { lineOf, readDocument, type Document } from '../markdown/Document'
import { TROUBLESHOOTING } from '../paths'
import { CODE } from '../sources/errorCodes'
import type { Fault } from './Fault'

/** Codes that are not explained, explained ones that the code does not have, and those that are explained twice, in tables whose first column they are. */
export function checkCodes(root: string, codes: ReadonlyMap<string, string>): Fault[] {
  if (!existsSync(join(root, TROUBLESHOOTING))) {
    return [{ path: TROUBLESHOOTING, problem: 'does not exist: it explains every code' }]
  }
  const explained = explainedIn(readDocument(root, TROUBLESHOOTING))
  const known = new Set(explained.map(({ code }) => code))
  const missing = [...codes].filter(([code]) => !known.has(code))
  const unknown = explained.filter(({ code }) => !codes.has(code))
  const doubled = explained.filter(({ code }, at) => explained.findIndex((one) => one.code === code) < at)
  return [
    ...missing.map(([code, path]) => ({
      path: TROUBLESHOOTING,
      problem: `${code} of ${path} is not explained`,
    })),
    ...unknown.map(({ code, line }) => ({ path: TROUBLESHOOTING, line, problem: `the code has no ${code}` })),
    ...doubled.map(({ code, line }) => ({
      path: TROUBLESHOOTING,
      line,
      problem: `${code} is explained twice`,
    })),
  ]
}

function explainedIn({ tree }: Document): { code: string; line: number }[] {
  const found: { code: string; line: number }[] = []
  visit(tree, 'tableRow', (row) => {
    const [only, ...more] = row.children[0]?.children ?? []
    if (only?.type !== 'inlineCode' || more.length > 0 || !CODE.test(only.value)) return
    found.push({ code: only.value, line: lineOf(row) })
  })
  return found
}
