import { createProgram } from '@rollcall/cli/program'
import type { Command, Option } from 'commander'
import { code, table } from '../markdown/table'

/** Every command of the terminal, with what it takes. */
export function commandsText(): string {
  const stop = { signal: new AbortController().signal, handOver: () => undefined }
  return commandsBelow(createProgram(stop, { exitCode: 0, startedBy: undefined }), []).join('\n\n')
}

function commandsBelow(parent: Command, path: readonly string[]): string[] {
  return parent.commands.flatMap((command) => {
    const own = [...path, command.name()]
    return [describe(command, own), ...commandsBelow(command, own)]
  })
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
