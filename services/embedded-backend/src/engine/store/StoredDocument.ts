import { convexToJson, getConvexSize, jsonToConvex, type JSONValue, type Value } from 'convex/values'

export type DocumentValue = Record<string, Value | undefined>

/** A document as the store keeps it: its Convex-encoded JSON, which is also what functions and the log get. */
export class StoredDocument {
  /** For `documentValue` alone. */
  decoded: DocumentValue | null = null
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

/** The last ones that were decoded, in a ring. */
const recent: (StoredDocument | undefined)[] = Array.from({ length: 64 })
let next = 0

/**
 * What `document` holds; not to be changed. A write asks for it a dozen times (indexes, validators, limits), so the last few stay decoded;
 * all of them would take several times the memory of their texts.
 */
export function documentValue(document: StoredDocument): DocumentValue {
  if (document.decoded) return document.decoded
  const oldest = recent[next]
  if (oldest) oldest.decoded = null
  recent[next] = document
  next = (next + 1) % recent.length
  return (document.decoded = jsonToConvex(JSON.parse(document.json) as JSONValue) as DocumentValue)
}
