import { HALF_HOUR } from '@rollcall/backend/contract'

/** How far back a strip looks, and into how many steps of how many half hours it is cut. */
export interface Period {
  name: string
  steps: number
  halfHours: number
}

export const lastDay: Period = { name: '24 hours', steps: 48, halfHours: 1 }
const lastWeek: Period = { name: '7 days', steps: 56, halfHours: 6 }
export const lastMonth: Period = { name: '30 days', steps: 60, halfHours: 24 }

export const periods: readonly Period[] = [lastDay, lastWeek, lastMonth]

/** Its length in ms. */
export function lengthOf({ steps, halfHours }: Period): number {
  return steps * halfHours * HALF_HOUR
}
