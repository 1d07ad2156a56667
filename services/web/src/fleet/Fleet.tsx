import { useMemo, useRef, useState, type RefObject } from 'react'
import { Link } from 'wouter'
import { Button } from '../components/Button'
import { ButtonLink } from '../components/ButtonLink'
import { Loading } from '../components/Loading'
import { useWhyNotNow } from '../connection/useConnection'
import { GraceNote } from '../detector/GraceNote'
import { AddMachine } from './AddMachine'
import { EmptyFleet } from './EmptyFleet'
import { arrangeFleet } from './list/arrangeFleet'
import { FleetControls } from './list/FleetControls'
import { FleetList } from './list/FleetList'
import { Narrowed } from './list/Narrowed'
import { useFleetAddress, useFleetView } from './list/useFleetView'
import { useFolds } from './list/useFolds'
import { useAwaited, useFleet } from './useFleet'

interface Props {
  /** A worker or chat is shown beside it. */
  isNarrow: boolean
  /** What it scrolls in. */
  scrolled: RefObject<HTMLElement | null>
}

/** Every machine with its workers, or those that are looked for. */
export function Fleet({ isNarrow, scrolled }: Props) {
  const machines = useFleet()
  const awaited = useAwaited()
  const view = useFleetView()
  const address = useFleetAddress()
  const { folded, adding, toggle, setAdding } = useFolds()
  const [isAddingMachine, setIsAddingMachine] = useState(false)
  const whyNot = useWhyNotNow()
  const above = useRef<HTMLDivElement>(null)
  const items = useMemo(
    () => machines && arrangeFleet(machines, view, { folded, adding }),
    [machines, view, folded, adding],
  )
  if (machines === undefined || items === undefined) return <Loading what="the fleet" />
  const total = machines.reduce((sum, { workers }) => sum + workers.length, 0)
  const add = () => setIsAddingMachine(true)
  return (
    <div className={`mx-auto p-4 max-sm:px-2 ${isNarrow ? '' : 'max-w-fleet'}`}>
      <div ref={above} className="flex flex-col gap-4 pb-4">
        <div className="flex min-h-8 flex-wrap items-center justify-between gap-2 max-sm:px-2">
          <div className="flex flex-wrap items-baseline gap-x-3">
            <h1 className="text-title font-semibold">
              {isNarrow ? <Link href={address}>Fleet</Link> : 'Fleet'}
            </h1>
            <span role="status" className="text-small text-muted">
              {awaited > 0 && `${awaited === 1 ? 'one more machine' : `${awaited} more machines`} to come…`}
            </span>
          </div>
          {isAddingMachine ? (
            <AddMachine onDone={() => setIsAddingMachine(false)} />
          ) : (
            machines.length > 0 &&
            !isNarrow && (
              <div className="flex items-center gap-1">
                <ButtonLink href="/pair">Enter a code</ButtonLink>
                <Button onClick={add} whyNot={whyNot}>
                  Add machine
                </Button>
              </div>
            )
          )}
        </div>
        {total > 0 && !isNarrow && (
          <div className="max-sm:px-2">
            <FleetControls />
          </div>
        )}
        <Narrowed shown={items.filter(({ kind }) => kind === 'worker').length} total={total} />
        <GraceNote />
        {machines.length === 0 && !isAddingMachine && <EmptyFleet onAdd={add} />}
      </div>
      <FleetList
        items={items}
        isNarrow={isNarrow}
        scrolled={scrolled}
        above={above}
        onToggle={toggle}
        onAdding={setAdding}
      />
    </div>
  )
}
