import { PageTitle } from '../app/PageTitle'
import { useWhyNotNow } from '../connection/useConnection'
import { Button } from './Button'

interface Props {
  /** Of the page: "Chat". */
  name: string
  /** In a sentence: "The chat". */
  what: string
  /** What becomes of what the person did here; the end of a sentence. */
  note?: string
}

/** In place of a part of the page that could not be loaded. Only a reload finds the files of a newer page. */
export function PartMissing({ name, what, note = '' }: Props) {
  const whyNot = useWhyNotNow()
  return (
    <main aria-label={name} className="min-w-0 flex-1 p-4">
      <PageTitle name={name} />
      <div role="alert" className="flex max-w-prose flex-col items-start gap-3">
        <p className="font-semibold">{what} cannot be shown</p>
        <p className="text-muted">
          This part of the page did not load. Either the connection was lost, or the backend serves a newer
          page by now. Trying again loads the whole page{note}.
        </p>
        <Button onClick={() => window.location.reload()} whyNot={whyNot}>
          Try again
        </Button>
      </div>
    </main>
  )
}
