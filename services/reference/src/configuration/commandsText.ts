import { createProgram } from '@rollcall/cli/program'
import { createBench } from '@rollcall/proof/bench'
import { createChaos } from '@rollcall/proof/chaos'
import type { Command, Option } from 'commander'
import { code, table } from '../markdown/table'

/** Every command of the terminal, with what it takes; after those of Rollcall itself what proves it. */
export function commandsText(): string {
  const stop = { signal: new AbortController().signal, handOver: () => undefined }
  const proofs = [
    createBench({ everything: idle, cost: idle, detection: idle, startup: idle, load: idle }),
    createChaos(idle),
  ]
  return [...createProgram(stop, { exitCode: 0, startedBy: undefined }).commands, ...proofs]
    .flatMap((command) => describeAll(command, []))
    .join('\n\n')
}

/** Nothing is run. */
const idle = () => Promise.resolve()

/** A command and, after it, its parts. */
function describeAll(command: Command, above: readonly string[]): string[] {
  const path = [...above, command.name()]
  return [describe(command, path), ...command.commands.flatMap((part) => describeAll(part, path))]
}

function describe(command: Command, path: readonly string[]): string {
  const taken = [
    ...command.registeredArguments.map((argument) => {
      const shown = `${argument.name()}${argument.variadic ? '…' : ''}`
      return [
        code(argument.required ? `<${shown.replace('...', '')}>` : `[${shown}]`),
        argument.description,
        '',
      ]
    }),
    ...command.options.filter(({ hidden }) => !hidden).map((option) => optionRow(option)),
  ]
  const head = `### ${path.join(' ')}\n\n${command.description()}`
  return taken.length === 0 ? head : `${head}\n\n${table(['takes', 'what it is', 'default'], taken)}`
}

function optionRow({ flags, description, defaultValue }: Option): string[] {
  const usual = defaultValue === undefined || defaultValue === false ? '' : String(defaultValue)
  return [code(flags), description, usual]
}
