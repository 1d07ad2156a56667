import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { stopMsFor, UNIT_NAME } from '../../src/service/Service'
import { systemdUnit } from '../../src/service/systemdUnit'
import { service } from './setup'

const linesOf = (unit: string) => unit.split('\n')

describe('systemdUnit', () => {
  it('starts Node itself, with what systemd would expand or split taken literally', () => {
    expect(linesOf(systemdUnit(service))).toContain(
      'ExecStart="/opt/node 20/bin/node" --max-semi-space-size=1 --no-opt "/home/ann/100%% & more/$$index.js" start --service systemd',
    )
    expect(linesOf(systemdUnit(service))).toContain('WorkingDirectory=/home/ann/100%% & more')
  })

  it('drains before it kills, and is not started again where that would not help', () => {
    expect(linesOf(systemdUnit(service))).toEqual(
      expect.arrayContaining([
        'Type=notify',
        'NotifyAccess=all',
        'KillMode=mixed',
        'TimeoutStopSec=25',
        'Restart=on-failure',
        'RestartPreventExitStatus=2 3 4 130',
        `EnvironmentFile=${service.environmentFile}`,
      ]),
    )
  })

  it.each([undefined, 500, 600_000])('has more time to stop than a worker with %s ms takes', (shutdownMs) => {
    expect(stopMsFor(shutdownMs)).toBeGreaterThan(shutdownMs ?? 600_000)
  })

  it.skipIf(spawnSync('systemd-analyze', ['--version']).status !== 0)('is what systemd understands', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-unit-'))
    try {
      const workingDirectory = join(folder, 'a %h b')
      mkdirSync(workingDirectory)
      const program = join(workingDirectory, '$x y.js')
      writeFileSync(program, '')
      const path = join(folder, UNIT_NAME)
      const here = { ...service, node: process.execPath, workingDirectory, program, buildProgram: program }
      writeFileSync(path, systemdUnit(here))
      const verified = verify(path)
      expect(verified).toBe('')
      writeFileSync(path, systemdUnit(here).replace('KillMode=mixed', 'KillMode=maybe'))
      expect(verify(path)).toMatch(/kill mode/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

/** What systemd has to say about this unit. Other units of the machine, and a bus that is missing, are no fault of it. */
function verify(path: string): string {
  const { stdout, stderr } = spawnSync('systemd-analyze', ['--user', 'verify', path], {
    encoding: 'utf8',
    env: { ...process.env, XDG_RUNTIME_DIR: process.env['XDG_RUNTIME_DIR'] ?? tmpdir() },
  })
  return `${stdout}${stderr}`
    .split('\n')
    .filter((line) => line.includes(UNIT_NAME))
    .join('\n')
}
