import type { RunTool, ToolOutcome } from '../../src/service/runTool'
import type { Service } from '../../src/service/Service'

/** Awkward paths on purpose: a space, and characters that mean something to systemd and to XML. */
export const service: Service = {
  node: '/opt/node 20/bin/node',
  workingDirectory: '/home/ann/100% & more',
  buildProgram: '/home/ann/100% & more/build.js',
  program: '/home/ann/100% & more/$index.js',
  environmentFile: '/home/ann/.config/rollcall/service.env',
  searchPath: '/usr/local/bin:/usr/bin',
  stopMs: 25_000,
}

/** A system on which each tool is called with what is written down in `calls`, and answers what `answers` has for it, or well. */
export function fakeTools(answers: Record<string, Partial<ToolOutcome>> = {}): {
  run: RunTool
  calls: string[]
} {
  const calls: string[] = []
  const run: RunTool = (program, args) => {
    const call = [program, ...args].join(' ')
    calls.push(call)
    return { exitCode: 0, output: '', complaint: '', ...answers[call] }
  }
  return { run, calls }
}
