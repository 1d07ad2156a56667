import { convexToJson, getConvexSize, jsonToConvex, type JSONValue, type Value } from 'convex/values'

export type DocumentValue = Record<string, Value | undefined>

/** A document as the store keeps it: its Convex-encoded JSON, which is also what functions and the log get. */
export class StoredDocument {
  private measured: number | null = null

  constructor(
    readonly table: string,
    readonly id: string,
    readonly json: string,
  ) {}

  /** Bytes as Convex counts them; measured when somebody asks. */
  get size(): number {
    return (this.measured ??= getConvexSize(documentValue(this)))
  }
}

export function storeDocument(table: string, id: string, value: DocumentValue): StoredDocument {
  return new StoredDocument(table, id, JSON.stringify(convexToJson(value)))
}

/** How many decoded documents are kept. */
const RECENT = 64
const recent = new Map<StoredDocument, DocumentValue>()

/**
 * What `document` holds; not to be changed. A write asks for it a dozen times (indexes, validators, limits), so the last few stay decoded;
 * all of them would take several times the memory of their texts.
 */
export function documentValue(document: StoredDocument): DocumentValue {
  const known = recent.get(document)
  if (known) return known
  const value = jsonToConvex(JSON.parse(document.json) as JSONValue) as DocumentValue
  recent.set(document, value)
  if (recent.size > RECENT) {
    for (const oldest of recent.keys()) {
      recent.delete(oldest)
      break
    }
  }
  return value
}
