import { useAtNow } from '../connection/useNow'
import type { OpenAlert } from './AlertView'
import { isMutedAt } from './mutes'

/** Whether nobody is told of the alert now. */
export function useIsMuted(alert: Pick<OpenAlert, 'mute'>): boolean {
  return useAtNow((now) => isMutedAt(alert, now))
}
