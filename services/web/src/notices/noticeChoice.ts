const KEY = 'rollcall:crash-notices'

/** Why there can be no notifications, in words; undefined if there can be. */
function whyNoNotices(): string | undefined {
  if (!('Notification' in window)) return 'This browser shows no notifications for this page.'
  if (Notification.permission === 'denied')
    return 'This browser was told to show no notifications of this page. Its settings for this site can change that.'
  return undefined
}

/** Whether notifications were switched on in this browser, and may be shown. Off at first, and without storage. */
export function areNoticesOn(): boolean {
  try {
    return localStorage.getItem(KEY) === 'on' && Notification.permission === 'granted'
  } catch {
    return false // Storage is blocked, or there are no notifications.
  }
}

/** Switches them on, asking the person's browser, or off. Answers what keeps it from being done, in words. */
export async function switchNotices(isWanted: boolean): Promise<string | undefined> {
  if (isWanted) {
    const whyNot = whyNoNotices()
    if (whyNot !== undefined) return whyNot
    if ((await Notification.requestPermission()) !== 'granted') return whyNoNotices() ?? 'It was not allowed.'
  }
  try {
    if (isWanted) localStorage.setItem(KEY, 'on')
    else localStorage.removeItem(KEY)
    return undefined
  } catch {
    return 'This browser keeps nothing for this page.'
  }
}
