import type { Finding } from './Finding'

const LEAST = { major: 20, minor: 19 }

/** `version` as `process.versions.node` has it. */
export function judgeNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isEnough = major > LEAST.major || (major === LEAST.major && minor >= LEAST.minor)
  if (isEnough) return { check: 'node', state: 'ok', message: `Node ${version}.` }
  return {
    check: 'node',
    state: 'problem',
    message: `Node ${version} is too old.`,
    cure: `Install Node ${LEAST.major}.${LEAST.minor} or newer from https://nodejs.org.`,
  }
}
