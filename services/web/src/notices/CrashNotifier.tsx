import { useLocation } from 'wouter'
import { useFleetChanges } from '../fleet/useFleetChanges'
import { crashWords } from './crashWords'
import { areNoticesOn } from './noticeChoice'

/** Shows a notification of the browser when workers crash, if the person switched that on; it leads to the fleet. */
export function CrashNotifier() {
  const [, navigate] = useLocation()
  useFleetChanges((words) => notify(words, () => navigate('/')), crashWords)
  return null
}

function notify(words: string, onOpen: () => void): void {
  if (words === '' || !areNoticesOn()) return
  try {
    // Several tabs tell the same: by its tag, it is shown once.
    const notice = new Notification(words, { tag: words, icon: '/icon.svg' })
    notice.onclick = () => {
      window.focus()
      onOpen()
      notice.close()
    }
  } catch {
    // Some browsers have them for service workers only: title and icon tell it all the same.
  }
}
