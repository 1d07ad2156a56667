import { Button } from '../components/Button'
import { CopyCommand } from '../components/CopyCommand'

interface Props {
  host: string
  secret: string
  onDone: () => void
}

/** The one time that a receiver's secret is seen: with what it is for. */
export function NewWebhook({ host, secret, onDone }: Props) {
  return (
    <section
      aria-label={`Secret of ${host}`}
      className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4"
    >
      <p tabIndex={-1} ref={focus} className="outline-none">
        <strong>{host} is told of alerts from now on.</strong> This is what its messages are signed with. It
        will not be shown again.
      </p>
      <CopyCommand label="signing secret" text={secret} />
      <p className="text-muted wrap-anywhere">
        A library of Standard Webhooks checks a message by this secret, its text and the headers webhook-id,
        webhook-timestamp and webhook-signature. A message that comes twice has the same webhook-id.
      </p>
      <div>
        <Button onClick={onDone}>I have copied it</Button>
      </div>
    </section>
  )
}

/** It takes the place of the form that had the focus. */
function focus(news: HTMLParagraphElement | null): void {
  news?.focus()
}
