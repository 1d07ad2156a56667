import { PartMissing } from '../components/PartMissing'

/** In place of the alerts, if their part of the page could not be loaded. */
export function AlertsMissing() {
  return <PartMissing name="Alerts" what="The alerts" />
}
