import { useState } from 'react'
import { MomentText } from '../components/MomentText'
import { NewToken } from '../fleet/NewToken'
import type { WorkerView } from '../presence/WorkerView'
import { ReplaceToken } from './ReplaceToken'
import { RevokeWorker } from './RevokeWorker'

/** How the worker comes in, and the end of it: for its machine's owner. */
export function AccessSection({ worker }: { worker: WorkerView }) {
  const [token, setToken] = useState<string>()
  return (
    <section aria-labelledby="access" className="flex flex-col gap-3">
      <h2 id="access" className="font-semibold">
        Access
      </h2>
      <p className="text-muted">
        {worker.approval === 'pending'
          ? 'It waits for your approval and can do nothing yet.'
          : 'Its token opens the chats of this worker, and nothing else.'}{' '}
        {worker.tokenExpiresAt !== undefined && (
          <>
            It ends by itself: <MomentText moment={{ kind: 'left', at: worker.tokenExpiresAt }} />.
          </>
        )}
      </p>
      {token !== undefined && (
        <NewToken
          name={worker.name}
          token={token}
          news={`${worker.name} has a new token.`}
          note="Start the worker with it; the former one is taken until then, for 24 hours at most:"
          onDone={() => setToken(undefined)}
        />
      )}
      <div className="flex flex-wrap items-center justify-between gap-2">
        <ReplaceToken worker={worker} onToken={setToken} />
        <RevokeWorker worker={worker} />
      </div>
    </section>
  )
}
