import { api } from '@rollcall/backend/api'
import { useQuery } from 'convex/react'
import { PageTitle } from '../app/PageTitle'
import { BackLink } from '../components/BackLink'
import { Loading } from '../components/Loading'
import { SettingsForm } from './SettingsForm'

/** What the deployment keeps to: an administrator's page. Anybody else is refused by the backend. */
export function SettingsPane() {
  const settings = useQuery(api.settings.show)
  if (settings === undefined) return <Loading what="the settings" />
  return (
    <main aria-label="Settings" className="min-w-0 flex-1 overflow-y-auto">
      <PageTitle name="Settings" />
      <div className="mx-auto flex max-w-detail flex-col gap-4 p-4">
        <div className="flex flex-col gap-1">
          <BackLink href="/" label="Fleet" />
          <h1 className="text-title font-semibold">Settings</h1>
          <p className="text-muted">
            They hold for the whole deployment. Running workers follow without a restart, and every change is
            listed on your account’s page.
          </p>
        </div>
        <SettingsForm settings={settings} />
      </div>
    </main>
  )
}
