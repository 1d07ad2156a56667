import type { api } from '@rollcall/backend/api'
import type { FunctionReturnType } from 'convex/server'

/** A chat as the backend shows it. */
export type ChatView = FunctionReturnType<typeof api.chat.getSession>
