import { backendAddress } from '../app/backendAddress'
import { Button } from '../components/Button'
import { CopyCommand } from '../components/CopyCommand'

interface Props {
  name: string
  token: string
  /** What has come about; one bold sentence. */
  news: string
  /** What to do with the command. */
  note: string
  onDone: () => void
}

/** The one time that a token is seen: with the command that uses it. */
export function NewToken({ name, token, news, note, onDone }: Props) {
  return (
    <section
      aria-label={`Token of ${name}`}
      className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4"
    >
      <p>
        <strong>{news}</strong> This is its token. It will not be shown again: only its hash is kept.
      </p>
      <CopyCommand label="token" text={token} />
      <p className="text-muted">{note}</p>
      <CopyCommand
        label="start command"
        text={`CONVEX_URL=${backendAddress} WORKER_TOKEN=${token} pnpm start`}
      />
      <div>
        <Button onClick={onDone}>I have copied it</Button>
      </div>
    </section>
  )
}
