import { AGENT_LABEL, nodeFlags, WRITTEN_BY, type Service } from './Service'

const THROTTLE_SECONDS = 10

/**
 * The property list of the agent, see launchd.plist(5). Holds no secret: Node reads the environment file. The search path is here,
 * because what launchd sets itself the file cannot change.
 */
export function launchdAgent(service: Service, logFile: string): string {
  const command = [
    service.node,
    ...nodeFlags,
    `--env-file=${service.environmentFile}`,
    service.program,
    'start',
    '--service',
    'launchd',
  ]
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- ${WRITTEN_BY} -->
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  ${string(AGENT_LABEL)}
  <key>ProgramArguments</key>
  <array>
${command.map((word) => `    ${string(word)}`).join('\n')}
  </array>
  <key>WorkingDirectory</key>
  ${string(service.workingDirectory)}
  <key>EnvironmentVariables</key>
  <dict>
    <key>PATH</key>
    ${string(service.searchPath)}
  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ThrottleInterval</key>
  <integer>${THROTTLE_SECONDS}</integer>
  <key>ExitTimeOut</key>
  <integer>${Math.ceil(service.stopMs / 1_000)}</integer>
  <key>StandardOutPath</key>
  ${string(logFile)}
  <key>StandardErrorPath</key>
  ${string(logFile)}
</dict>
</plist>
`
}

function string(text: string): string {
  return `<string>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</string>`
}
