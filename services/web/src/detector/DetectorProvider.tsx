import { api } from '@rollcall/backend/api'
import { useConvex, useQuery } from 'convex/react'
import { useContext, useLayoutEffect, useRef, type ReactNode } from 'react'
import { ConnectionContext } from '../connection/useConnection'
import { ServerClockContext } from '../connection/useNow'
import { isFreshAnswer, type DetectorAnswer } from './isFreshAnswer'
import { DetectorContext } from './useDetector'

/**
 * One subscription to the state of the sweep. It also tells the page the server's time, and after a loss of the connection
 * that the server has answered again.
 */
export function DetectorProvider({ children }: { children: ReactNode }) {
  const state = useQuery(api.detector.state)
  const client = useConvex()
  const clock = useContext(ServerClockContext)
  const watch = useContext(ConnectionContext)
  const previous = useRef<DetectorAnswer>(undefined)
  useLayoutEffect(() => {
    if (state === undefined) return
    const answer = { state, connection: client.connectionState().connectionCount }
    clock.hear(state.serverNow, isFreshAnswer(previous.current, answer))
    previous.current = answer
    watch.answered()
  }, [state, client, clock, watch])
  return <DetectorContext value={state}>{children}</DetectorContext>
}
