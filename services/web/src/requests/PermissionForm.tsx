import { Button } from '../components/Button'
import { useWhyNotNow } from '../connection/useConnection'
import { wordsForPermission, type PermissionRequest, type PersonReply } from './PersonRequest'

interface Props {
  what: PermissionRequest
  workerName: string
  isBusy: boolean
  onReply: (reply: PersonReply) => void
}

/** Whether it may do something: what exactly is in view. */
export function PermissionForm({ what, workerName, isBusy, onReply }: Props) {
  const whyNot = useWhyNotNow()
  const reply = (kind: 'once' | 'always' | 'reject') => () => onReply({ kind })
  return (
    <>
      <p>
        <strong>{workerName}</strong> wants to {wordsForPermission(what.permission)}
        {what.patterns.length > 0 && ':'}
      </p>
      {what.patterns.length > 0 && (
        <ul className="max-h-40 overflow-y-auto rounded-md bg-inset px-2.5 py-1.5 font-mono text-small">
          {what.patterns.map((pattern, index) => (
            <li key={index} className="wrap-anywhere whitespace-pre-wrap">
              {pattern}
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap gap-2">
        <Button look="primary" onClick={reply('once')} isBusy={isBusy} whyNot={whyNot}>
          Allow once
        </Button>
        <Button onClick={reply('always')} isBusy={isBusy} whyNot={whyNot}>
          Allow in this chat
        </Button>
        <Button onClick={reply('reject')} isBusy={isBusy} whyNot={whyNot}>
          Refuse
        </Button>
      </div>
    </>
  )
}
