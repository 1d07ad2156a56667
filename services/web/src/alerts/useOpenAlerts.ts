import { api } from '@rollcall/backend/api'
import { useQuery } from 'convex/react'
import type { OpenAlert } from './AlertView'

/** What is wrong now, newest first; undefined while it is awaited. Header, announcements and page share one subscription. */
export function useOpenAlerts(): OpenAlert[] | undefined {
  return useQuery(api.alerts.open)
}
