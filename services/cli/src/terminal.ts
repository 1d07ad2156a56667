/** What a person at the terminal needs to know, apart from the log. Output that nobody reads any more is no error. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** One line about what is wrong. */
export function complain(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** How far something is, in one line of a terminal that is written over; nothing where nobody looks. */
export function overwrite(progress: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${progress}`)
}

/** Whether what is said may be coloured. */
export function hasColours(): boolean {
  return process.stdout.isTTY && process.stdout.hasColors() && process.env.NO_COLOR === undefined
}

/** Must be called before anything is written: a closed terminal or pipe would otherwise end this process mid-way. */
export function outliveReaders(): void {
  process.stdout.on('error', () => undefined)
  process.stderr.on('error', () => undefined)
}

/** What came from elsewhere, on one line and without what would steer the terminal. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '')
}
