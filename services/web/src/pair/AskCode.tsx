import { useState, type SubmitEvent } from 'react'
import { Button } from '../components/Button'
import { CopyCommand } from '../components/CopyCommand'
import { Problem } from '../components/Problem'
import { TextField } from '../components/TextField'
import { backendAddress } from '../app/backendAddress'
import { formatCode } from './pairingCode'
import { CardPage } from '../components/CardPage'

/** `BCDF-GHJK`. */
const LENGTH = 9

interface Props {
  initial: string
  /** What was wrong with the last one. */
  problem: string | undefined
  onCode: (code: string) => void
}

/** Asks for the code that a worker shows in its terminal. */
export function AskCode({ initial, problem, onCode }: Props) {
  const [code, setCode] = useState(initial)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    onCode(code)
  }
  return (
    <CardPage title="Let a worker in">
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <TextField
          label="Code"
          hint="As the worker shows it in its terminal; it can be used for 10 minutes."
          placeholder="BCDF-GHJK"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          ref={focus}
          maxLength={LENGTH + 4}
          value={code}
          onChange={(event) => setCode(formatCode(event.target.value).slice(0, LENGTH))}
        />
        <Problem text={problem} />
        <Button type="submit" look="primary" className="h-8" disabled={code.length < LENGTH}>
          Look who it is
        </Button>
      </form>
      <div className="flex flex-col gap-2 border-t border-line pt-4 text-small text-muted">
        <p>No code yet? In a copy of Rollcall on the computer that shall run the worker:</p>
        <CopyCommand label="start command" text={`CONVEX_URL=${backendAddress} pnpm start`} />
      </div>
    </CardPage>
  )
}

/** The code is all that this page asks for. */
function focus(input: HTMLInputElement | null): void {
  input?.focus()
}
