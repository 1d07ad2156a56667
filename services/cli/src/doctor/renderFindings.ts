import { styleText } from 'node:util'
import { checks, type Finding } from './Finding'

const marks = {
  ok: { shape: '✓', colour: 'green' },
  warning: { shape: '!', colour: 'yellow' },
  problem: { shape: '✕', colour: 'red' },
} as const

const WIDTH = Math.max(...checks.map((check) => check.length))
const INDENT = ' '.repeat(WIDTH + 4)

/** For a terminal: a line a finding, its cure below. */
export function renderFindings(findings: readonly Finding[], { colours }: { colours: boolean }): string {
  return findings
    .flatMap(({ check, state, message, cure, command }) => {
      const { shape, colour } = marks[state]
      const mark = colours ? styleText(colour, shape, { validateStream: false }) : shape
      return [
        `${mark} ${check.padEnd(WIDTH)}  ${message}`,
        ...(cure === undefined ? [] : [`${INDENT}${cure}`]),
        ...(command === undefined ? [] : [`${INDENT}$ ${command}`]),
      ]
    })
    .join('\n')
}
