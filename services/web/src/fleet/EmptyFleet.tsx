import { Button } from '../components/Button'
import { ButtonLink } from '../components/ButtonLink'
import { CopyCommand } from '../components/CopyCommand'
import { EmptyState } from '../components/EmptyState'
import { useWhyNotNow } from '../connection/useConnection'

/** Nobody is here yet. A worker started without a token belongs to the local owner, whom only the printed link signs in. */
export function EmptyFleet({ onAdd }: { onAdd: () => void }) {
  const whyNot = useWhyNotNow()
  return (
    <EmptyState title="No machines yet">
      <p className="text-muted">
        Add the computer that shall run a worker, then a worker on it: you get a token and the command that
        starts it.
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <Button look="primary" onClick={onAdd} whyNot={whyNot}>
          Add machine
        </Button>
        <ButtonLink href="/pair">Enter the code of a worker</ButtonLink>
      </div>
      <p className="text-muted">
        Or, on the computer that runs this backend, start a worker without a token, and open the sign-in link
        that it prints:
      </p>
      <CopyCommand label="command" text="pnpm start" />
    </EmptyState>
  )
}
