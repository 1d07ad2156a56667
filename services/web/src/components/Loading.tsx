import { SECOND } from '@rollcall/backend/contract'
import { useEffect, useState, type ReactNode } from 'react'
import { backendAddress } from '../app/backendAddress'
import { useConnection } from '../connection/useConnection'
import { CopyCommand } from './CopyCommand'

/** What comes sooner than this needs no word. */
const QUIET = 0.3 * SECOND
const TOO_LONG = 10 * SECOND

/** Says what is awaited; after 10 s, what is wrong and what to do, with another way out if there is one. */
export function Loading({ what, wayOut }: { what: string; wayOut?: ReactNode }) {
  const [stage, setStage] = useState<'quiet' | 'waiting' | 'too long'>('quiet')
  const connection = useConnection()
  useEffect(() => {
    const timers = [
      setTimeout(() => setStage('waiting'), QUIET),
      setTimeout(() => setStage('too long'), TOO_LONG),
    ]
    return () => timers.forEach(clearTimeout)
  }, [])
  return (
    <div role="status" className="p-4 text-muted">
      {stage === 'waiting' && <p>Loading {what}…</p>}
      {stage === 'too long' && (
        <div className="flex max-w-prose flex-col gap-2 text-ink">
          <p className="font-semibold">
            {connection.kind === 'live'
              ? `The backend is connected but has not sent ${what} for 10 s.`
              : `There is no connection to the backend at ${backendAddress} yet.`}
          </p>
          <p className="text-muted">The page goes on trying. Check that the backend runs:</p>
          <CopyCommand label="command" text="pnpm start" />
          {wayOut}
        </div>
      )}
    </div>
  )
}
