import { useId, useState } from 'react'
import { Problem } from '../components/Problem'
import { areNoticesOn, switchNotices } from './noticeChoice'

/** Switches notifications of crashes on and off, in this browser. */
export function NoticeChoice() {
  const [isOn, setIsOn] = useState(areNoticesOn)
  const [problem, setProblem] = useState<string>()
  const id = useId()
  const choose = (isWanted: boolean) => {
    void switchNotices(isWanted).then((whyNot) => {
      setProblem(whyNot)
      setIsOn(areNoticesOn())
    })
  }
  return (
    <div className="flex flex-col gap-2">
      <label className="flex items-center gap-2">
        <input
          type="checkbox"
          checked={isOn}
          onChange={(event) => choose(event.target.checked)}
          aria-describedby={id}
        />
        Tell me when a worker crashes
      </label>
      <p id={id} className="text-small text-muted">
        By a notification of this browser, while a page of Rollcall is open in it.
      </p>
      <Problem text={problem} />
    </div>
  )
}
