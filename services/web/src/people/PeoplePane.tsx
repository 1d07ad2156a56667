import { DetailPane } from '../app/DetailPane'
import { InvitationList } from './InvitationList'
import { InvitationMaker } from './InvitationMaker'

/** Who may come in: an administrator's page. */
export function PeoplePane() {
  return (
    <DetailPane
      name="People"
      note="An account takes an invitation. Whoever has one sees machines of their own, and those that others share with them."
    >
      <InvitationMaker
        label="Invite somebody"
        linkLabel="invitation link"
        note="Send this link to one person. It makes one account, within 7 days, and is shown this once."
        action="Invite somebody"
        actionAgain="Invite somebody else"
      />
      <InvitationList />
    </DetailPane>
  )
}
