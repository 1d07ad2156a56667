import type { JSONValue } from 'convex/values'

/** What a function answered: Convex-encoded, as the text that clients are sent, parsed only where somebody looks into it. */
export class Answer {
  readonly kind = 'ok'

  constructor(
    readonly json: string,
    readonly logLines: string[],
  ) {}

  get value(): JSONValue {
    return JSON.parse(this.json) as JSONValue
  }
}
