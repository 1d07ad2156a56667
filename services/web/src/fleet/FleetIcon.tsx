import { useEffect } from 'react'
import { useDoubt } from '../detector/useDoubt'
import { worstStatus } from '../presence/worstStatus'
import { doubtIcons, iconOf } from './iconOf'
import { useFleet } from './useFleet'

/** Shows the worst status of the fleet in the browser's tab; Rollcall's own icon while there is nobody. */
export function FleetIcon() {
  const machines = useFleet()
  const doubtAbout = useDoubt()
  const worst = worstStatus(machines ?? [])
  const icon = worst && iconOf(worst.word, doubtAbout(worst.word))
  useEffect(() => {
    for (const address of doubtIcons) new Image().src = address
  }, [])
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel=icon]')
    if (link === null || icon === undefined) return
    const own = link.href
    link.href = icon
    return () => {
      link.href = own
    }
  }, [icon])
  return null
}
