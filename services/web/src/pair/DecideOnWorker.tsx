import { api } from '@rollcall/backend/api'
import { limits } from '@rollcall/backend/contract'
import { useAction, usePaginatedQuery } from 'convex/react'
import { Button } from '../components/Button'
import { Loading } from '../components/Loading'
import { MomentText } from '../components/MomentText'
import { Problem } from '../components/Problem'
import { useTask } from '../components/useTask'
import { useWhyNotNow } from '../connection/useConnection'
import { ApproveForm } from './ApproveForm'
import { HostFacts } from './HostFacts'
import { CardPage } from '../components/CardPage'
import type { Joining } from './PairPage'

interface Props {
  code: string
  joining: Joining
  onDenied: () => void
}

/** Shows which computer asks, so that a person can tell, and takes the decision. */
export function DecideOnWorker({ code, joining, onDenied }: Props) {
  const machines = usePaginatedQuery(api.machines.list, {}, { initialNumItems: limits.machinesPerOwner })
  const deny = useAction(api.pairing.deny)
  const whyNot = useWhyNotNow()
  const { run, isRunning, problem } = useTask(async () => {
    await deny({ code })
    onDenied()
  })
  return (
    <CardPage title="A worker wants to join">
      <HostFacts host={joining.host} />
      <p>
        Let it in only if you have just started it there yourself: it shows the code{' '}
        <strong className="whitespace-nowrap">{code}</strong>.{' '}
        <span className="text-muted">
          <MomentText moment={{ kind: 'left', at: joining.expiresAt }} />.
        </span>
      </p>
      {machines.status === 'LoadingFirstPage' ? (
        <Loading what="your machines" />
      ) : (
        <ApproveForm code={code} host={joining.host} machines={machines.results} />
      )}
      <div className="flex flex-col gap-2">
        <Problem text={problem} />
        <Button className="h-8" onClick={() => run()} isBusy={isRunning} whyNot={whyNot}>
          Turn it away
        </Button>
      </div>
    </CardPage>
  )
}
