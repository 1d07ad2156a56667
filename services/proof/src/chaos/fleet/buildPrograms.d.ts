/** Plain JavaScript of the CLI. */
declare module '@rollcall/cli/build-programs' {
  /** Entry and output below `services/`. */
  export function buildProgram(program: { entry: string; output: string }): Promise<void>
}
