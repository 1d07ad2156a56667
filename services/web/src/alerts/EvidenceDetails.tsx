import { Link } from 'wouter'
import { MomentText } from '../components/MomentText'
import type { OpenAlert } from './AlertView'
import { RecentCrashes } from './RecentCrashes'
import { thresholdWords } from './thresholdWords'

interface Props {
  evidence: OpenAlert['evidence']
  subject: OpenAlert['subject']
}

/** What is known besides the sentence: when it was last, who it was, from which number on it is an alert. */
export function EvidenceDetails({ evidence, subject }: Props) {
  const threshold = thresholdWords(evidence)
  if (threshold === undefined) return null
  return (
    <>
      {evidence.rule === 'crashes' && <RecentCrashes recent={evidence.recent} />}
      <p className="text-small text-muted">
        {evidence.rule === 'flapping' && (
          <>
            The last time <MomentText moment={{ kind: 'point', at: evidence.last.at }} />.{' '}
          </>
        )}
        {threshold}{' '}
        {subject && (
          <Link href={`/workers/${subject.workerId}`} className="text-accent underline underline-offset-2">
            All about {subject.worker}
          </Link>
        )}
      </p>
    </>
  )
}
