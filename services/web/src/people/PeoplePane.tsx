import { PageTitle } from '../app/PageTitle'
import { InvitationList } from './InvitationList'
import { InvitationMaker } from './InvitationMaker'

/** Who may come in: an administrator's page. */
export function PeoplePane() {
  return (
    <main aria-label="People" className="min-w-0 flex-1 overflow-y-auto">
      <PageTitle name="People" />
      <div className="mx-auto flex max-w-detail flex-col gap-4 p-4">
        <h1 className="text-title font-semibold">People</h1>
        <p className="text-muted">
          An account takes an invitation. Whoever has one sees machines of their own, and those that others
          share with them.
        </p>
        <InvitationMaker
          label="Invite somebody"
          linkLabel="invitation link"
          note="Send this link to one person. It makes one account, within 7 days, and is shown this once."
          action="Invite somebody"
          actionAgain="Invite somebody else"
        />
        <InvitationList />
      </div>
    </main>
  )
}
