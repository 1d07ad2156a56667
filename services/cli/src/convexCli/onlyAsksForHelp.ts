/** Whether a command only explains itself, for which no deployment has to be there. */
export function onlyAsksForHelp(typed: readonly string[]): boolean {
  const [name] = typed
  if (name === undefined || name === 'help') return true
  const end = typed.indexOf('--')
  const flags = end === -1 ? typed : typed.slice(0, end)
  return flags.some((flag) => ['--help', '-h', '--version', '-V'].includes(flag))
}
