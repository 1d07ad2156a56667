import { createContext, useContext } from 'react'

export const LeaveContext = createContext<() => void>(() => undefined)

/** Signs out in this browser and goes to the sign-in page; below `WithSignIn`. */
export function useLeave(): () => void {
  return useContext(LeaveContext)
}
