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

export function documentValue(document: StoredDocument): DocumentValue {
  return jsonToConvex(JSON.parse(document.json) as JSONValue) as DocumentValue
}
