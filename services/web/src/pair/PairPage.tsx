import { api } from '@rollcall/backend/api'
import { useAction } from 'convex/react'
import type { FunctionReturnType } from 'convex/server'
import { useEffect, useEffectEvent, useState } from 'react'
import { wordsForError } from '../app/wordsForError'
import { Loading } from '../components/Loading'
import { AskCode } from './AskCode'
import { DecideOnWorker } from './DecideOnWorker'
import { CardPage } from '../components/CardPage'
import { formatCode } from './pairingCode'

/** A worker that waits to be let in. */
export type Joining = FunctionReturnType<typeof api.pairing.look>

/**
 *  asking ──code──▶ looking ──▶ deciding ──▶ (leaves for the worker) | denied
 *     ▲────────────────┘ wrong code
 */
type State =
  | { name: 'asking'; typed: string; problem?: string }
  | { name: 'looking'; code: string }
  | { name: 'deciding'; code: string; joining: Joining }
  | { name: 'denied' }

/** Where a worker that was started without a token is let in, or turned away. Keyed by `code`, that of the address. */
export function PairPage({ code }: { code: string | undefined }) {
  const [state, setState] = useState<State>(
    code === undefined ? { name: 'asking', typed: '' } : { name: 'looking', code: formatCode(code) },
  )
  switch (state.name) {
    case 'asking':
      return (
        <AskCode
          initial={state.typed}
          problem={state.problem}
          onCode={(asked) => setState({ name: 'looking', code: asked })}
        />
      )
    case 'looking':
      return (
        <Look
          code={state.code}
          onSeen={(joining) => setState({ name: 'deciding', code: state.code, joining })}
          onProblem={(problem) => setState({ name: 'asking', typed: state.code, problem })}
        />
      )
    case 'deciding':
      return (
        <DecideOnWorker
          code={state.code}
          joining={state.joining}
          onDenied={() => setState({ name: 'denied' })}
        />
      )
    case 'denied':
      return (
        <CardPage title="Turned away">
          <p>It was told so, and stops. Its code is worth nothing any more.</p>
        </CardPage>
      )
    default:
      return state satisfies never
  }
}

interface LookProps {
  code: string
  onSeen: (joining: Joining) => void
  onProblem: (problem: string) => void
}

/** Asks once who waits with this code: each wrong one counts. */
function Look({ code, onSeen, onProblem }: LookProps) {
  const look = useAction(api.pairing.look)
  const ask = useEffectEvent((isAwaited: () => boolean) => {
    look({ code }).then(
      (joining) => isAwaited() && onSeen(joining),
      (error: unknown) => isAwaited() && onProblem(wordsForError(error)),
    )
  })
  useEffect(() => {
    let isMounted = true
    ask(() => isMounted)
    return () => {
      isMounted = false
    }
  }, [code])
  return <Loading what="the worker" />
}
