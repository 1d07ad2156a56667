import { defineTable } from 'convex/server'
import { v } from 'convex/values'

/** What `/metrics` tells. */
export const metricsTables = {
  /**
   * Parts of the numbers of the whole fleet: each is the sum over all shards, so a gauge may be below zero in one of them. Written
   * by `model/metricsTally` in the transactions that change something, never by a heartbeat; read by `/metrics` only. At most
   * `SHARDS` + 1 documents, which are never deleted.
   */
  metricShards: defineTable({
    shard: v.number(),
    /** By the names in `model/metricsSeries`. */
    counts: v.record(v.string(), v.number()),
  }).index('by_shard', ['shard']),
}
