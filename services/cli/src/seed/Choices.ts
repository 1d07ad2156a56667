import { hashOf } from '../local/secret'

/** Choices that are the same each time for the same seed. Each has a key, so that one more changes none of the others. */
export class Choices {
  constructor(private readonly seed: number) {}

  /** A whole number, both ends included. */
  whole(key: string, least: number, most: number): number {
    // 48 bits: what does not divide evenly is far below what anybody could see.
    const drawn = Number.parseInt(hashOf(`${this.seed} ${key}`).slice(0, 12), 16)
    return least + (drawn % (most - least + 1))
  }

  /** Throws for none. */
  pick<T>(key: string, from: readonly T[]): T {
    const picked = from[this.whole(key, 0, from.length - 1)]
    if (picked === undefined) throw new Error('there is nothing to choose from')
    return picked
  }

  /** All of them, in another order. */
  shuffled<T>(key: string, all: readonly T[]): T[] {
    return all
      .map((one, index) => ({ one, place: hashOf(`${this.seed} ${key} ${index}`) }))
      .sort((a, b) => (a.place < b.place ? -1 : 1))
      .map(({ one }) => one)
  }
}
