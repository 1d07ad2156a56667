import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Logger } from 'pino'
import * as z from 'zod'

const logLine = z.looseObject({ level: z.number(), msg: z.string().default('') })

const levels = [
  [60, 'fatal'],
  [50, 'error'],
  [40, 'warn'],
] as const

/** What whoever changes the functions waits for. */
const news = ['functions.reloaded']

/** What is the backend's own process's, or said by our logger already. */
const ownFields = ['time', 'pid', 'hostname', 'service']

/** What a backend says: its log goes on in ours, what is routine as `debug`. */
export class BackendVoice {
  private readonly plain: string[] = []
  private isStarting = true

  constructor(
    child: ChildProcess,
    private readonly logger: Logger,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.hear(line))
    }
  }

  /** The sentence that it left on standard error when it did not start. */
  lastWords(): string {
    return this.plain.join('\n')
  }

  /** It runs: what it prints outside its log is no longer the reason why it does not. */
  speakUp(): void {
    this.isStarting = false
    for (const line of this.plain.splice(0)) this.logger.warn(line)
  }

  private hear(line: string): void {
    const parsed = parse(line)
    if (parsed) {
      const { level, msg, ...fields } = parsed
      for (const name of ownFields) Reflect.deleteProperty(fields, name)
      const usual = news.includes(String(fields['event'])) ? ('info' as const) : ('debug' as const)
      const [, name] = levels.find(([from]) => level >= from) ?? [0, usual]
      this.logger[name](fields, msg)
    } else if (line.trim() !== '') {
      if (this.isStarting) this.plain.push(line)
      else this.logger.warn(line)
    }
  }
}

function parse(line: string) {
  try {
    return logLine.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}
