import { createContext, useContext, useSyncExternalStore } from 'react'
import { ServerClockContext } from '../connection/useNow'
import { judgeDetector, type Detector, type DetectorState } from './judgeDetector'

export const DetectorContext = createContext<DetectorState | undefined>(undefined)

/** Whether the server has told its time: before that, a page would reckon by the viewer's clock. */
export function useIsTimeTold(): boolean {
  return useContext(DetectorContext) !== undefined
}

/** How the detector does, judged again every second. Re-renders only when that changes. */
export function useDetector(): Detector {
  const state = useContext(DetectorContext)
  const clock = useContext(ServerClockContext)
  useSyncExternalStore(clock.subscribe, () => judgeDetector(state, clock.current()).kind)
  return judgeDetector(state, clock.current())
}

/** Whether the sweep is overdue. Re-renders only when that changes. */
export function useIsSweepLate(): boolean {
  const state = useContext(DetectorContext)
  const clock = useContext(ServerClockContext)
  return useSyncExternalStore(clock.subscribe, () => judgeDetector(state, clock.current()).kind === 'late')
}
