import { exitCodes, lastWords } from '@rollcall/worker/exit-codes'
import { nodeFlags, WRITTEN_BY, type Service } from './Service'

/** A start may have to build the page. */
const START_SECONDS = 300
/** The supervisor says three times within this that it is alive. */
const WATCHDOG_SECONDS = 90
const RESTART_SECONDS = 5
/** Failures to systemd, which another start would not mend. */
const FINAL_EXIT_CODES = lastWords.filter((code) => code !== exitCodes.drained).join(' ')

/** The unit for the user's systemd, see systemd.service(5). Holds no secret: those are in the environment file. */
export function systemdUnit(service: Service): string {
  const command = [service.node, ...nodeFlags, service.program, 'start', '--service', 'systemd']
  return `# ${WRITTEN_BY}
[Unit]
Description=Rollcall worker
Documentation=file://${encodeURI(service.workingDirectory).replaceAll('%', '%%')}/docs/service.md

[Service]
Type=notify
NotifyAccess=all
WatchdogSec=${WATCHDOG_SECONDS}
WorkingDirectory=${specifierFree(service.workingDirectory)}
EnvironmentFile=${specifierFree(service.environmentFile)}
ExecStartPre=${[service.node, service.buildProgram].map(quoted).join(' ')}
ExecStart=${command.map(quoted).join(' ')}
TimeoutStartSec=${START_SECONDS}
TimeoutStopSec=${Math.ceil(service.stopMs / 1_000)}
KillMode=mixed
Restart=on-failure
RestartSec=${RESTART_SECONDS}
RestartPreventExitStatus=${FINAL_EXIT_CODES}

[Install]
WantedBy=default.target
`
}

function specifierFree(text: string): string {
  return text.replaceAll('%', '%%')
}

/** One word of a command line: systemd would expand `%` and `$`, and split at spaces. */
function quoted(word: string): string {
  const literal = specifierFree(word).replaceAll('$', '$$$$')
  return /^[\w%$@+=:,./-]+$/.test(literal) ? literal : `"${literal.replace(/["\\]/g, '\\$&')}"`
}
