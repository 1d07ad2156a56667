import { api } from '@rollcall/backend/api'
import { useQuery } from 'convex/react'
import { PageTitle } from '../app/PageTitle'
import { BackLink } from '../components/BackLink'
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
    <main aria-label="Account" className="min-w-0 flex-1 overflow-y-auto">
      <PageTitle name="Account" />
      <div className="mx-auto flex max-w-detail flex-col gap-7 p-4">
        <div className="flex flex-col gap-1">
          <BackLink href="/" label="Fleet" />
          <h1 className="text-title font-semibold wrap-anywhere">{email ?? name ?? 'Account'}</h1>
          {isAdmin && <p className="text-muted">You administer this deployment.</p>}
        </div>
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
      </div>
    </main>
  )
}
