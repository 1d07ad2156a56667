import { api } from '@rollcall/backend/api'
import { useQueries } from 'convex/react'
import type { FunctionReturnType } from 'convex/server'
import { useMemo, useState } from 'react'

export type Offer = FunctionReturnType<typeof api.invitations.look>

/**
 * What an invitation to a machine offers, or why it is worth nothing; undefined while it is awaited. As first seen: an
 * invitation is gone the moment it is accepted, and what it was stays on the page until that is left.
 */
export function useOffer(token: string): Offer | Error | undefined {
  const queries = useMemo(() => ({ look: { query: api.invitations.look, args: { token } } }), [token])
  const look = useQueries(queries)['look'] as Offer | Error | undefined
  const [first, setFirst] = useState(look)
  if (first === undefined && look !== undefined) setFirst(look)
  return first ?? look
}
