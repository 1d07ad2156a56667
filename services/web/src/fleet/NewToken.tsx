import { Button } from '../components/Button'
import { CopyCommand } from '../components/CopyCommand'

/** The one time that a token is seen: with the command that uses it. */
export function NewToken({ name, token, onDone }: { name: string; token: string; onDone: () => void }) {
  return (
    <section
      aria-label={`Token of ${name}`}
      className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4"
    >
      <p>
        <strong>{name} is made.</strong> This is its token. It will not be shown again: only its hash is kept.
      </p>
      <CopyCommand label="token" text={token} />
      <p className="text-muted">
        In a copy of Rollcall on that computer, this starts the worker; then approve it here:
      </p>
      <CopyCommand label="start command" text={`WORKER_TOKEN=${token} pnpm start`} />
      <div>
        <Button onClick={onDone}>I have copied it</Button>
      </div>
    </section>
  )
}
