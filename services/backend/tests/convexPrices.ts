/**
 * What Convex asks for in US regions, in dollars: https://docs.convex.dev/production/state/limits, as published in 2026. `io` and
 * `stored` in gigabytes. Not in here: fees for people and for a deployment's class, and on dedicated ones the time that functions take.
 */
interface Plan {
  name: string
  /** Sessions at once. */
  sockets: number
  calls: { included: number; perMillion: number }
  io: { included: number; each: number }
  stored: { included: number; each: number }
}

/** From the least on. */
const plans: readonly Plan[] = [
  {
    ...{ name: 'Starter (S16)', sockets: 1_000, calls: { included: 1e6, perMillion: 2.2 } },
    ...{ io: { included: 1, each: 0.22 }, stored: { included: 0.5, each: 0.22 } },
  },
  {
    ...{ name: 'Professional (S256)', sockets: 10_000, calls: { included: 25e6, perMillion: 2 } },
    ...{ io: { included: 50, each: 0.2 }, stored: { included: 50, each: 0.2 } },
  },
  {
    ...{ name: 'Business (D2048)', sockets: 200_000, calls: { included: 0, perMillion: 0.2 } },
    ...{ io: { included: 0, each: 0.15 }, stored: { included: 0, each: 0.45 } },
  },
]

export interface Used {
  sockets: number
  calls: number
  bytes: number
  storedBytes: number
}

/** The least plan that holds so many connections, and what a month costs on it besides its fees. */
export function listPrice({ sockets, calls, bytes, storedBytes }: Used): { plan: string; dollars: number } {
  const plan = plans.find((plan) => plan.sockets >= sockets)
  if (plan === undefined) throw new Error(`${sockets} connections are too many for any plan`)
  const over = (used: number, { included }: { included: number }) => Math.max(0, used - included)
  const dollars =
    (over(calls, plan.calls) / 1e6) * plan.calls.perMillion +
    over(bytes / 1e9, plan.io) * plan.io.each +
    over(storedBytes / 1e9, plan.stored) * plan.stored.each
  return { plan: plan.name, dollars }
}
