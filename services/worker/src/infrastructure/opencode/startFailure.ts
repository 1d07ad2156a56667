import { describeEnd } from './describeEnd'
import { OpencodeStartError } from './errors'
import type { ProcessEnd } from './types'

const maxDetail = 300

/** `reason` continues the sentence "opencode could not be started: …". */
export function startFailed(reason: string): OpencodeStartError {
  return new OpencodeStartError('OPENCODE_FAILED', `opencode could not be started: ${reason}`)
}

/** For a binary that the system would not run; `code` is the system's, `ENOENT` above all. */
export function binaryMissing(bin: string, code: string): OpencodeStartError {
  const why = code === 'ENOENT' ? 'was not found' : `cannot be run (${code})`
  return new OpencodeStartError(
    'OPENCODE_MISSING',
    `opencode ${why} at ${bin}: set OPENCODE_BIN to the path of an opencode binary, or unset it to use the installed one.`,
  )
}

/** For a binary that ran and ended before it was ready. */
export function endedEarly(bin: string, end: ProcessEnd, lastLine: string | undefined): OpencodeStartError {
  const said = lastLine === undefined ? 'It said nothing.' : `Its last line: ${oneLine(lastLine)}`
  return startFailed(`${bin} ended at once (${describeEnd(end)}). ${said}`)
}

/** Anything as a single line of bearable length. */
export function oneLine(value: unknown): string {
  const text =
    value instanceof Error ? value.message : typeof value === 'string' ? value : JSON.stringify(value ?? null)
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > maxDetail ? `${line.slice(0, maxDetail)}…` : line
}

/** The HTTP status of a request to opencode; undefined if no answer came (the SDK's types say there always is one). */
export function statusOf(result: { response?: Response | undefined }): number | undefined {
  return result.response?.status
}
