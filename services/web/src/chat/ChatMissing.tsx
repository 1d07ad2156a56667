import { PageTitle } from '../app/PageTitle'
import { Button } from '../components/Button'
import { useWhyNotNow } from '../connection/useConnection'

/** In place of a chat whose part of the page could not be loaded. Only a reload finds the files of a newer page. */
export function ChatMissing() {
  const whyNot = useWhyNotNow()
  return (
    <main aria-label="Chat" className="min-w-0 flex-1 p-4">
      <PageTitle name="Chat" />
      <div role="alert" className="flex max-w-prose flex-col items-start gap-3">
        <p className="font-semibold">The chat cannot be shown</p>
        <p className="text-muted">
          This part of the page did not load. Either the connection was lost, or the backend serves a newer
          page by now. Trying again loads the whole page; drafts are kept.
        </p>
        <Button onClick={() => window.location.reload()} whyNot={whyNot}>
          Try again
        </Button>
      </div>
    </main>
  )
}
