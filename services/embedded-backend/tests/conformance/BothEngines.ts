import { convexTest } from 'convex-test'
import { makeFunctionReference } from 'convex/server'
import { convexToJson, jsonToConvex, type JSONValue, type Value } from 'convex/values'
import { newDocumentId } from '../../src/engine/store/documentId'
import type { Engine } from '../../src/engine/types'
import { operationsOn } from '../fixtures/anything/operationsOn'
import { schemaOf, type SchemaShape } from '../fixtures/anything/shape'
import { call, eventually } from '../engine/openTestEngine'

export type Side = 'ours' | 'theirs'
export type Kind = 'query' | 'mutation'
export type Said = { value: Value } | { error: string }

/** Ids of the right form that no document has. */
const UNKNOWN: Record<Side, string> = {
  ours: newDocumentId('things'),
  theirs: '99999'.padStart(25, '0') + 'things',
}

/**
 * This engine and `convex-test` with the same schema and functions. Ids differ between the two: in what is given, `#3` stands
 * for the fourth document that was made; in what is compared, ids are written that way again.
 */
export class BothEngines {
  private readonly ids: Record<Side, string>[] = []
  private readonly peer

  constructor(
    private readonly engine: Engine,
    shape: SchemaShape,
  ) {
    const modules = {
      '../fixtures/anything/_generated/none.ts': () => Promise.resolve({}),
      '../fixtures/anything/operations.ts': () => Promise.resolve(operationsOn(shape, true)),
    }
    this.peer = convexTest({ schema: schemaOf(shape, true), modules })
  }

  /** The same call on both. */
  async call(kind: Kind, name: string, args: Value): Promise<Record<Side, Said>> {
    const ours = await this.callOurs(kind, name, args)
    const theirs = await this.callTheirs(kind, name, args)
    await this.scheduledOnesDone()
    return { ours, theirs }
  }

  async callOurs(kind: Kind, name: string, args: Value): Promise<Said> {
    const { outcome } = await this.engine[kind](
      call(`operations:${name}`, convexToJson(this.withIds(args, 'ours'))),
    )
    return outcome.kind === 'ok' ? { value: jsonToConvex(outcome.value) } : { error: outcome.errorMessage }
  }

  async callTheirs(kind: Kind, name: string, args: Value): Promise<Said> {
    const path = `operations:${name}`
    const given = this.withIds(args, 'theirs') as Record<string, Value>
    try {
      const value: unknown =
        kind === 'query'
          ? await this.peer.query(makeFunctionReference<'query'>(path), given)
          : await this.peer.mutation(makeFunctionReference<'mutation'>(path), given)
      return { value: (value ?? null) as Value }
    } catch (error) {
      return { error: (error as Error).message }
    }
  }

  /** Remembers that these two are the same document. */
  made(ours: string, theirs: string): void {
    if (!this.ids.some((id) => id.ours === ours || id.theirs === theirs)) this.ids.push({ ours, theirs })
  }

  /** As it is compared: ids by number, without times. */
  plain(value: Value, side: Side): JSONValue {
    const number = new Map(this.ids.map((id, i) => [id[side], `#${i}`]))
    number.set(UNKNOWN[side], '#unknown')
    return JSON.parse(JSON.stringify(convexToJson(value)), (key, inner: JSONValue) => {
      if (key === '_creationTime') return 'time'
      return typeof inner === 'string' ? (number.get(inner) ?? inner) : inner
    }) as JSONValue
  }

  private async scheduledOnesDone(): Promise<void> {
    const areOver = (said: Said) =>
      (('value' in said ? said.value : []) as { state: string; isDue: boolean }[]).every(
        ({ state, isDue }) => (state !== 'pending' || !isDue) && state !== 'inProgress',
      )
    await eventually(async () => areOver(await this.callOurs('query', 'scheduled', {})))
    await eventually(async () => {
      await this.peer.finishInProgressScheduledFunctions()
      return areOver(await this.callTheirs('query', 'scheduled', {}))
    })
  }

  private withIds(value: Value, side: Side): Value {
    if (typeof value === 'string' && /^#\d+$/.test(value)) {
      return this.ids[Number(value.slice(1))]?.[side] ?? UNKNOWN[side]
    }
    if (typeof value !== 'object' || value === null || value instanceof ArrayBuffer) return value
    if (Array.isArray(value)) return value.map((item) => this.withIds(item, side))
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, inner]) =>
        inner === undefined ? [] : [[name, this.withIds(inner as Value, side)]],
      ),
    )
  }
}
