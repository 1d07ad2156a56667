import { limits, MINUTE } from '@rollcall/backend/contract'
import { printable } from '../terminal'

export interface JoinNotice {
  /** As the backend made it: eight letters. */
  code: string
  /** Where the deployment's page is, if it told. */
  page: string | undefined
  user: string
  hostname: string
}

/** A code as a person reads it: `BCDF-GHJK`. */
export function readableCode(code: string): string {
  return code.replace(/^(.{4})(?=.)/, '$1-')
}

/** Where the code need not be typed any more; undefined if the deployment does not tell where its page is. */
export function pairingLink({ code, page }: Pick<JoinNotice, 'code' | 'page'>): string | undefined {
  return page === undefined || page === ''
    ? undefined
    : `${printable(page).replace(/\/+$/, '')}/pair#code=${readableCode(code)}`
}

/** What a person needs to let this worker join; `qr` is the link once more, for a telephone. */
export function joinNotice(notice: JoinNotice, qr: string | undefined): string {
  const { code, user, hostname } = notice
  const validity = `valid for ${limits.pairingMs / MINUTE} minutes`
  return [
    '',
    '  This worker has no token yet. Whoever is signed in to the page can let it join.',
    '',
    `  Open   ${pairingLink(notice) ?? 'the deployment’s page, at /pair'}`,
    `  Code   ${readableCode(code)}   (${validity})`,
    '  Stop   Ctrl+C',
    '',
    `  Check that the page shows this computer: ${user}@${hostname}`,
    '',
    ...(qr === undefined ? [] : [qr, '']),
  ].join('\n')
}
