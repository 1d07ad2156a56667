import { useDoubt } from '../detector/useDoubt'
import { useFleet } from '../fleet/useFleet'
import { describeWorker } from '../presence/describeWorker'
import type { WorkerView } from '../presence/WorkerView'
import { worstStatus } from '../presence/worstStatus'
import { titleWords } from './titleWords'

/** The title of a page beside the fleet, called `name`, or of the fleet's own; with a `worker`, its status is told. */
export function PageTitle({ name, worker }: { name?: string; worker?: WorkerView }) {
  const machines = useFleet()
  const doubtAbout = useDoubt()
  const status = worker ? { word: describeWorker(worker).word } : worstStatus(machines ?? [])
  return <title>{titleWords(name, status && { ...status, doubt: doubtAbout(status.word) })}</title>
}
