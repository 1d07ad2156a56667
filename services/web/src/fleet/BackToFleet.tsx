import { Link } from 'wouter'
import { useFleetAddress } from './list/useFleetView'

/** The way back to the fleet as it was seen last, where there is no room for it beside what is looked at. */
export function BackToFleet() {
  return (
    <Link href={useFleetAddress()} className="self-start text-small text-muted hover:text-ink lg:hidden">
      ‹ Fleet
    </Link>
  )
}
