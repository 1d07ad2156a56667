import { useState } from 'react'
import { Link } from 'wouter'
import { Button } from '../components/Button'
import { ButtonLink } from '../components/ButtonLink'
import { Loading } from '../components/Loading'
import { useWhyNotNow } from '../connection/useConnection'
import { GraceNote } from '../detector/GraceNote'
import { machinesTroubleFirst } from '../presence/troubleFirst'
import { AddMachine } from './AddMachine'
import { EmptyFleet } from './EmptyFleet'
import { MachineSection } from './MachineSection'
import { useFleet } from './useFleet'

/** Every machine with its workers, trouble first. `isNarrow` when a worker or chat is shown beside it. */
export function Fleet({ isNarrow }: { isNarrow: boolean }) {
  const machines = useFleet()
  const [isAdding, setIsAdding] = useState(false)
  const whyNot = useWhyNotNow()
  if (machines === undefined) return <Loading what="the fleet" />
  const add = () => setIsAdding(true)
  return (
    <div className={`mx-auto flex flex-col gap-4 p-4 max-sm:px-2 ${isNarrow ? '' : 'max-w-fleet'}`}>
      <div className="flex min-h-8 flex-wrap items-center justify-between gap-2 max-sm:px-2">
        <h1 className="text-title font-semibold">{isNarrow ? <Link href="/">Fleet</Link> : 'Fleet'}</h1>
        {isAdding ? (
          <AddMachine onDone={() => setIsAdding(false)} />
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
      <GraceNote />
      {machines.length === 0 && !isAdding && <EmptyFleet onAdd={add} />}
      {machinesTroubleFirst(machines).map((machine) => (
        <MachineSection key={machine.id} machine={machine} isNarrow={isNarrow} />
      ))}
    </div>
  )
}
