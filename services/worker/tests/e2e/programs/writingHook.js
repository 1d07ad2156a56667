// @ts-check
/** A shutdown hook that writes what it was told into the file named by HOOK_FILE. */
import { writeFile } from 'node:fs/promises'

/** @param {{ cause: string, deadline: number, signal: AbortSignal, logger: { info: (line: string) => void } }} context */
export default async function writes({ cause, deadline, signal, logger }) {
  await writeFile(process.env.HOOK_FILE ?? '', JSON.stringify({ cause, leftMs: deadline - Date.now() }), {
    signal,
  })
  logger.info('written')
}
