import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SystemdNotifier } from '../../src/service/SystemdNotifier'

let folder: string
let told: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-notify-'))
  told = join(folder, 'told')
  writeFileSync(told, '')
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** In the place of systemd's own program. */
function systemdNotify(exitCode: number): void {
  const path = join(folder, 'systemd-notify')
  writeFileSync(path, `#!/bin/sh\necho "$NOTIFY_SOCKET $*" >> '${told}'\nexit ${exitCode}\n`)
  chmodSync(path, 0o755)
}

/** The machine may have the real program: only what is in the folder is found. */
function createNotifier() {
  const logger = { warn: vi.fn() }
  const notify = { socket: '/run/notify', watchdogMs: 60 }
  return { logger, notifier: new SystemdNotifier({ notify, searchPath: folder, logger }) }
}

const lines = () => readFileSync(told, 'utf8').trim().split('\n')
const PATIENCE = { timeout: 10_000, interval: 20 }

describe('SystemdNotifier', () => {
  it('says that the service is ready, and again well within the time of the watchdog', async () => {
    systemdNotify(0)
    const { notifier, logger } = createNotifier()
    notifier.ready()
    await vi.waitFor(() => expect(lines().length).toBeGreaterThanOrEqual(3), PATIENCE)
    notifier.close()
    expect(new Set(lines())).toEqual(new Set(['/run/notify --ready WATCHDOG=1']))
    expect(logger.warn).not.toHaveBeenCalled()
  })

  it.each([
    ['is missing', () => undefined],
    ['fails', () => systemdNotify(1)],
  ])('goes on when systemd-notify %s, and says so once', async (_, prepare) => {
    prepare()
    const { notifier, logger } = createNotifier()
    notifier.ready()
    await vi.waitFor(() => expect(logger.warn).toHaveBeenCalled(), PATIENCE)
    notifier.close()
    expect(logger.warn).toHaveBeenCalledTimes(1)
    expect(logger.warn).toHaveBeenCalledWith(
      expect.objectContaining({ event: 'service.untold' }),
      expect.any(String),
    )
  })
})
