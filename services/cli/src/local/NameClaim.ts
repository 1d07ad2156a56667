import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { isAlive, ownIdentity, type ProcessIdentity } from './processIdentity'

const claimFile = /^(\d+)\.(\w[\w:]*)\.claim$/

/** Younger claims may be those of a contender that gives way as well: worth another look. */
const CONTESTED_MS = 1_000
const ATTEMPTS = 4
const LONGEST_PAUSE_MS = 150

export type Claimed = { kind: 'taken'; claim: NameClaim } | { kind: 'held'; by: ProcessIdentity }

/**
 * A name that one living process holds at a time. Each contender leaves a file named after itself, then looks for others:
 * of two that come at once at least one sees the other, so never both succeed. Files of processes that are gone do not
 * count, so a killed holder's name is free at once.
 */
export class NameClaim {
  private constructor(private readonly file: string) {}

  /** `folder` is the name's own. Answers the holder if there is one; contenders that came at once draw lots. */
  static async take(folder: string): Promise<Claimed> {
    for (let attempt = 1; ; attempt++) {
      const { holder, claim } = NameClaim.stake(folder)
      if (holder === undefined) return { kind: 'taken', claim }
      claim.release()
      if (!holder.isNew || attempt === ATTEMPTS) return { kind: 'held', by: holder.identity }
      await delay(Math.random() * LONGEST_PAUSE_MS)
    }
  }

  /** Idempotent. */
  release(): void {
    rmSync(this.file, { force: true })
  }

  private static stake(folder: string) {
    const self = ownIdentity()
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const own = `${self.pid}.${self.started}.claim`
    const claim = new NameClaim(join(folder, own))
    writeFileSync(claim.file, '', { mode: 0o600 })
    for (const name of readdirSync(folder)) {
      const [, pid, started] = claimFile.exec(name) ?? []
      if (name === own || pid === undefined || started === undefined) continue
      const identity = { pid: Number(pid), started }
      if (!isAlive(identity)) {
        rmSync(join(folder, name), { force: true })
        continue
      }
      const since = statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs
      if (since !== undefined)
        return { claim, holder: { identity, isNew: Date.now() - since < CONTESTED_MS } }
    }
    return { claim, holder: undefined }
  }
}
