import { api } from '@rollcall/backend/api'
import { useAction } from 'convex/react'
import { useState } from 'react'
import { Button } from '../components/Button'
import { Problem } from '../components/Problem'
import { useTask } from '../components/useTask'
import { useWhyNotNow } from '../connection/useConnection'
import { TermSelect } from '../fleet/TermSelect'
import type { WorkerView } from '../presence/WorkerView'

interface Props {
  worker: WorkerView
  onToken: (token: string) => void
}

/** For a token that was lost or is too old: a new one, without taking down what runs. */
export function ReplaceToken({ worker, onToken }: Props) {
  const rotate = useAction(api.workerAccess.rotate)
  const [term, setTerm] = useState<number>()
  const whyNot = useWhyNotNow()
  const { run, isRunning, problem } = useTask(async () => {
    const { token } = await rotate({ workerId: worker.id, ...(term !== undefined && { term }) })
    onToken(token)
  })
  return (
    <div className="flex flex-wrap items-center gap-2">
      <TermSelect term={term} onChange={setTerm} />
      <Button
        onClick={() => run()}
        isBusy={isRunning}
        whyNot={whyNot}
        aria-label={`Make a new token for ${worker.name}`}
      >
        New token
      </Button>
      <Problem text={problem} />
    </div>
  )
}
