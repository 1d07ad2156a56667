import { internal } from '@rollcall/backend/api'
import type { AdminApi } from '../backend/AdminApi'
import type { Fleet } from './Fleet'

export const MACHINES_PER_PAGE = 100

/** The whole fleet, page by page. Throws what `AdminApi.run` throws. */
export async function fetchFleet(api: AdminApi): Promise<Fleet> {
  const machines: Fleet['machines'] = []
  let cursor: string | null = null
  for (;;) {
    const paginationOpts: { cursor: string | null; numItems: number } = {
      cursor,
      numItems: MACHINES_PER_PAGE,
    }
    const { page, isDone, continueCursor } = await api.run(internal.fleet.list, { paginationOpts })
    machines.push(...page)
    if (isDone) return { machines }
    cursor = continueCursor
  }
}
