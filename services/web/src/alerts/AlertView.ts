import type { api } from '@rollcall/backend/api'
import type { FunctionReturnType } from 'convex/server'

/** What is wrong now, as the backend shows it. Times in milliseconds since 1970, server time. */
export type OpenAlert = FunctionReturnType<typeof api.alerts.open>[number]

/** What was wrong and is not any more. */
export type PastAlert = FunctionReturnType<typeof api.alerts.past>['page'][number]
