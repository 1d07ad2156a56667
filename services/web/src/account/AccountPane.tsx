import { api } from '@rollcall/backend/api'
import { useQuery } from 'convex/react'
import { DetailPane } from '../app/DetailPane'
import { Loading } from '../components/Loading'
import { NoticeChoice } from '../notices/NoticeChoice'
import { ThemeChoice } from '../theme/ThemeChoice'
import { AccountSection } from './AccountSection'
import { ChangePassword } from './ChangePassword'
import { DeleteAccount } from './DeleteAccount'
import { SignInList } from './SignInList'
import { Trail } from './Trail'

/** What a person does with their own account. */
export function AccountPane() {
  const me = useQuery(api.users.me)
  if (!me) return <Loading what="your account" />
  const { email, name, isAdmin, hasPassword } = me
  return (
    <DetailPane
      name="Account"
      heading={email ?? name ?? 'Account'}
      note={isAdmin ? 'You administer this deployment.' : undefined}
    >
      {hasPassword && <ChangePassword email={email} />}
      <SignInList />
      <AccountSection title="Theme">
        <ThemeChoice />
      </AccountSection>
      <AccountSection title="Notifications">
        <NoticeChoice />
      </AccountSection>
      <Trail />
      <DeleteAccount email={email} />
    </DetailPane>
  )
}
