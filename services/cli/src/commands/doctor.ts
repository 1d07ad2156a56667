import { answeringUrl, inspectBackend, judgeBackend } from '../doctor/backend'
import { judgeClock, measureClock, type ClockFacts } from '../doctor/clock'
import { isTokenWrong, judgeConfiguration, readWhatIsRight } from '../doctor/configuration'
import { diagnosisOf, type Finding } from '../doctor/Finding'
import { inspectLeftovers, judgeLeftovers } from '../doctor/leftovers'
import { judgeNode } from '../doctor/node'
import { inspectOpencode, judgeOpencode } from '../doctor/opencode'
import { inspectPermissions, judgePermissions } from '../doctor/permissions'
import { inspectPort, judgePort } from '../doctor/port'
import { renderFindings } from '../doctor/renderFindings'
import { inspectTokens, judgeTokens } from '../doctor/token'
import { hasColours, printable, say } from '../terminal'

export interface DoctorContext {
  env: Readonly<Record<string, string | undefined>>
  json: boolean
  stop: AbortSignal
}

/** Looks at everything that a worker needs, changes nothing, and prints what it found. Answers 1 if there is a problem, else 0. */
export async function doctor({ env, json, stop }: DoctorContext): Promise<number> {
  const diagnosis = diagnosisOf((await examine(env, stop)).map(onOneLine))
  say(json ? JSON.stringify(diagnosis) : renderFindings(diagnosis.findings, { colours: hasColours() }))
  return diagnosis.ok ? 0 : 1
}

async function examine(env: DoctorContext['env'], stop: AbortSignal): Promise<Finding[]> {
  const { config, mistakes } = readWhatIsRight({ env, isTerminal: false })
  const [opencode, backend] = await Promise.all([inspectOpencode(config), inspectBackend(config, stop)])
  const url = answeringUrl(backend)
  const clock: ClockFacts =
    url === undefined ? { kind: 'unknown', reason: 'no backend answers' } : await measureClock(url, stop)
  return [
    ...judgeConfiguration(mistakes, config),
    judgeNode(process.versions.node),
    judgeOpencode(opencode),
    judgeBackend(backend),
    judgeClock(clock),
    ...(isTokenWrong(mistakes) ? [] : judgeTokens(await inspectTokens(config, url, stop), config)),
    ...judgePermissions(inspectPermissions(config)),
    judgeLeftovers(inspectLeftovers()),
    judgePort(await inspectPort(config, backend)),
  ]
}

function onOneLine(finding: Finding): Finding {
  return { ...finding, message: printable(finding.message) }
}
