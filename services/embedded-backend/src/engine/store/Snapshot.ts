import type { Table } from './Table'

/** All documents at one moment. Never changed once committed: writers work on clones, readers keep what they began with. */
export interface Snapshot {
  readonly ts: bigint
  readonly tables: Tables
}

/** Tables by name. Every commit makes these anew, so they are slots of an array whose names all of them share. */
export class Tables {
  private constructor(
    private readonly slots: Map<string, number>,
    private readonly tables: readonly Table[],
  ) {}

  static of(tables: ReadonlyMap<string, Table>): Tables {
    return new Tables(new Map([...tables.keys()].map((name, slot) => [name, slot])), [...tables.values()])
  }

  get(name: string): Table | undefined {
    const slot = this.slots.get(name)
    return slot === undefined ? undefined : this.tables[slot]
  }

  get names(): string[] {
    return [...this].map(([name]) => name)
  }

  /** These, with some exchanged or added. */
  with(written: ReadonlyMap<string, Table>): Tables {
    const tables = [...this.tables]
    let { slots } = this
    for (const [name, table] of written) {
      if (!slots.has(name)) slots = new Map(slots).set(name, tables.length)
      tables[slots.get(name) ?? tables.length] = table
    }
    return new Tables(slots, tables)
  }

  *[Symbol.iterator](): Generator<[string, Table], void> {
    for (const [name, slot] of this.slots) {
      const table = this.tables[slot]
      if (table) yield [name, table]
    }
  }
}
