import imported from 'sorted-btree'

type BTreeClass = typeof imported

/** The package is CommonJS: Node hands out its exports object where bundlers and Vitest hand out the class. */
export const BTree: BTreeClass = classOf(imported)

function classOf(loaded: unknown): BTreeClass {
  return typeof loaded === 'function' ? (loaded as BTreeClass) : (loaded as { default: BTreeClass }).default
}
