import { SECOND } from '@rollcall/backend/contract'
import type { RollOfStatuses } from './changeWords'

/** What happens within this time is told in one sentence: a machine that goes takes all of its workers along. */
export const COLLECTED_FOR = 2 * SECOND

/**
 * Tells what changed in the fleet, in batches: what was there at first is no news, and what has changed back is none
 * either. Before each sentence it tells `''`: words that follow the same words would not be read out.
 *
 *  unseen ──first roll──▶ quiet ──a change──▶ collecting ──COLLECTED_FOR──▶ quiet
 *                           ▲──────hold()─────────┘
 */
export class ChangeCollector {
  private told: RollOfStatuses | undefined
  private latest: RollOfStatuses | undefined
  private timer: ReturnType<typeof setTimeout> | undefined

  /** `words` says what there is to tell between two rolls, if anything. */
  constructor(
    private readonly tell: (words: string) => void,
    private readonly words: (before: RollOfStatuses, now: RollOfStatuses) => string | undefined,
  ) {}

  /** Takes the statuses as they are now. */
  see(roll: RollOfStatuses): void {
    this.latest = roll
    if (this.timer !== undefined) return
    if (this.told === undefined || this.words(this.told, roll) === undefined) {
      this.told = roll
      return
    }
    this.tell('')
    this.timer = setTimeout(this.conclude, COLLECTED_FOR)
  }

  /** Nothing is certain any more: what was collected is told only if it is still so when the next roll is seen. */
  hold(): void {
    clearTimeout(this.timer)
    this.timer = undefined
  }

  private readonly conclude = (): void => {
    this.timer = undefined
    const { told, latest } = this
    this.told = latest
    const words = told && latest && this.words(told, latest)
    if (words !== undefined) this.tell(words)
  }
}
