import type { ValidatorJSON } from 'convex/values'

/** Shorter types say as much as a name would. */
const WORTH_A_NAME = 60

/** Types that several functions take or answer, by the names of the validators that describe them. */
export class Shapes {
  readonly #names = new Map<string, string>()
  readonly #used = new Map<string, ValidatorJSON>()

  constructor(modules: Iterable<Readonly<Record<string, unknown>>>) {
    for (const module of modules) {
      for (const [name, value] of Object.entries(module)) {
        if (!isValidator(value)) continue
        const text = JSON.stringify(value.json)
        if (text.length > WORTH_A_NAME && !this.#names.has(text)) this.#names.set(text, titled(name))
      }
    }
  }

  /** The name of a type that has one; it then belongs to those that are `used`. */
  readonly nameOf = (validator: ValidatorJSON): string | undefined => {
    const name = this.#names.get(JSON.stringify(validator))
    if (name !== undefined) this.#used.set(name, validator)
    return name
  }

  /** Those that were asked for, and those that `write` asks for meanwhile, by name. */
  write(write: (name: string, validator: ValidatorJSON) => string): string[] {
    const texts = new Map<string, string>()
    for (const [name, validator] of this.#used) texts.set(name, write(name, validator))
    return [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text)
  }
}

function isValidator(value: unknown): value is { json: ValidatorJSON } {
  return typeof value === 'object' && value !== null && 'isConvexValidator' in value && 'json' in value
}

function titled(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}`
}
