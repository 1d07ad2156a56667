import { api } from '@rollcall/backend/api'
import { useQuery } from 'convex/react'
import { DetailPane } from '../app/DetailPane'
import { Loading } from '../components/Loading'
import { SettingsForm } from './SettingsForm'

/** What the deployment keeps to: an administrator's page. Anybody else is refused by the backend. */
export function SettingsPane() {
  const settings = useQuery(api.settings.show)
  if (settings === undefined) return <Loading what="the settings" />
  return (
    <DetailPane
      name="Settings"
      note="They hold for the whole deployment. Running workers follow without a restart, and every change is listed on your account’s page."
    >
      <SettingsForm settings={settings} />
    </DetailPane>
  )
}
